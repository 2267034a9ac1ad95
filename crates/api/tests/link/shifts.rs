//! What the workforce desk decides about an agent, on her own link: her shifts, and a swap that somebody else ends.

use crate::client::{Client, Greeted};
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Protocol, ServerFrame};
use cordboard_centre::workforce::id::{RosterId, ShiftId, SwapId};
use cordboard_centre::workforce::shift::{NewRoster, Sketch};
use cordboard_centre::workforce::swap::NewSwap;
use cordboard_centre::workforce::{Command, Day};
use cordboard_engine::Answer;
use cordboard_floor::{AccountId, Instant, Millis, Submission};
use serde_json::json;

const RED: AccountId = AccountId::fixed("red");
const HOUR: u64 = 3_600_000;

async fn does(house: &House, command: Command) -> u64 {
    match house.door.ask(Submission::system("test", command)).await.unwrap() {
        Answer::Done { seq, .. } => seq,
        other => panic!("{other:?}"),
    }
}

/// Publishes one shift.
async fn has_shift(house: &House, id: &str, from: Instant) -> ShiftId {
    let sketch = Sketch {
        agent: agent(id),
        day: Day::utc(from),
        code: "early".parse().unwrap(),
        from,
        until: from.plus(Millis(4 * HOUR)),
        parts: Vec::new(),
        relief: false,
    };
    let (day, class) = (sketch.day, vec![agent("1001"), agent("1004")]);
    let roster =
        NewRoster { from: day, days: 1, name: "test".to_owned(), class, rest: None, requirement: None };
    let roster = RosterId(does(house, Command::DraftRoster { roster, account: RED }).await);
    does(house, Command::AddShifts { roster, shifts: vec![sketch] }).await;
    ShiftId(does(house, Command::PublishRoster { roster, account: RED }).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn her_shifts_and_the_end_of_her_swap_come_on_her_link_and_nobody_elses() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut other = Client::ready(&house, "1004").await;
    li.everything().await;
    other.everything().await;
    let from = house.door.now().plus(Millis(100 * HOUR));
    let hers = has_shift(&house, "1001", from).await;
    let assigned = li.event("shift.assigned").await;
    assert_eq!((&assigned.data["shift"], &assigned.data["sketch"]["agent"]), (&json!(hers), &json!("1001")));
    assert!(
        other
            .everything()
            .await
            .iter()
            .all(|frame| !matches!(frame, ServerFrame::Ev(ev) if ev.ev.starts_with("shift."))),
        "another's shift is not hers to hear of, and a draft nobody's"
    );
    let theirs = has_shift(&house, "1004", from.plus(Millis(48 * HOUR))).await;
    other.event("shift.assigned").await;
    let new = NewSwap {
        agent: agent("1001"),
        shift: hers,
        with: agent("1004"),
        other: theirs,
        text: None,
        exceptional: false,
    };
    let swap = SwapId(does(&house, Command::RequestSwap(new)).await);
    assert_eq!(other.event("swap.requested").await.data["swap"], json!(swap));
    li.event("swap.requested").await;
    // She is away while it is refused, and hears of it when she comes back.
    let last = li.last;
    drop(li);
    does(&house, Command::RefuseSwap { swap, account: RED, why: "busy".parse().unwrap() }).await;
    other.event("swap.refused").await;
    let Greeted { mut client, welcome, .. } =
        Client::greet(&house, Protocol::MsgPack, "1001", Some(last)).await;
    assert!(welcome.resumed);
    assert_eq!(client.event("swap.refused").await.data, json!({"swap": swap, "by": "red", "why": "busy"}));
    house.close().await;
}
