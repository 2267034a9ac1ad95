//! Plans driven against a real server in this process: engine, doors and links over real sockets, its clock running many times faster.

#[path = "live/house.rs"]
mod house;
#[path = "live/proxy.rs"]
mod proxy;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cordboard_floor::SiteId;
use cordboard_simulator::drive::live::{LiveOptions, run};
use cordboard_simulator::drive::{DriveError, Plan, Report, Window};
use cordboard_simulator::recording::staffing::Presence;
use cordboard_simulator::recording::{Counts, Layout, RecordedCall, RecordedEnd, Staffing, read};
use house::House;
use proxy::Proxy;

const S: i64 = 1_000_000;
const SPEED: u32 = 60;

fn call(line: u64, at_s: i64, menu_s: i64, end: RecordedEnd) -> RecordedCall {
    RecordedCall {
        line,
        call_id: None,
        caller: (!line.is_multiple_of(3)).then(|| format!("C{}", line % 5)),
        arrived_us: at_s * S,
        menu_us: menu_s * S,
        queue: "help".into(),
        kind: None,
        priority: (line % 4) as u8,
        entered_queue: true,
        onward: Default::default(),
        end,
    }
}

/// Ten minutes of a small centre: callers of every kind, three agents of whom one goes early.
fn small_plan() -> Plan {
    let calls: Vec<RecordedCall> = (0..60)
        .map(|n| {
            let end = match n % 6 {
                0 => RecordedEnd::AbandonedInMenu,
                1 => RecordedEnd::AbandonedInQueue { waited_us: n % 25 * S },
                _ => RecordedEnd::Answered { waited_us: 0, handle_us: (10 + n) * S, agent: None },
            };
            call(n as u64 + 2, 1_000 + n * 9, n % 3 * 4, end)
        })
        .collect();
    let presence = |agent: &str, from: i64, to: i64| Presence {
        agent: agent.to_owned(),
        day: jiff::civil::date(1970, 1, 1),
        from_us: from * S,
        to_us: to * S,
    };
    let presences =
        vec![presence("1001", 990, 9_000), presence("1002", 990, 1_200), presence("1003", 1_100, 9_000)];
    let help = BTreeSet::from(["help".to_owned()]);
    let queues = ["1001", "1002", "1003"].map(|agent| (agent.to_owned(), help.clone()));
    let counts = Counts { rows: 60, arrived: 60, ..Counts::default() };
    let staffing = Staffing { presences, queues: BTreeMap::from(queues) };
    Plan::new(SiteId::fixed("drive"), &Layout::shipped("bank-1999").unwrap(), calls, counts, staffing)
}

async fn drive(plan: Plan, options: LiveOptions) -> Result<Report, DriveError> {
    run(Arc::new(plan), options, &mut |_| {}).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_day_reconciles_over_real_links() {
    let plan = small_plan();
    let house = House::open(&plan, SPEED).await;
    let mut told = 0;
    let report = run(Arc::new(plan.clone()), house.options(), &mut |_| told += 1).await.unwrap();
    let summary = &report.summary;
    assert_eq!(
        (summary.rows, summary.arrived, summary.waiting, summary.ended_otherwise),
        (60, 60, 0, 0),
        "{report:?}"
    );
    assert_eq!(summary.answered + summary.abandoned, 60);
    assert!(report.detail.abandoned_menu >= 10 && summary.answered >= 40, "{report:?}");
    assert!(told > 2 && summary.events > 300);
    // The day can be played once more on the same floor: its commands are others.
    let again = drive(plan, house.options()).await.unwrap();
    assert_eq!(again.summary.arrived, 60);
    assert!(again.summary.last_seq > report.summary.last_seq);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_lose_no_call_and_no_event() {
    let plan = small_plan();
    let house = House::open(&plan, SPEED).await;
    let proxy = Proxy::before(house.addr()).await;
    let options = LiveOptions { server: format!("http://{}", proxy.addr), ..house.options() };
    let driving = tokio::spawn(drive(plan, options));
    for _ in 0..8 {
        // In the middle of what it does, whatever that is: this is the pace of the weather, not a wait for something.
        tokio::time::sleep(Duration::from_millis(900)).await;
        proxy.break_all();
    }
    let report = driving.await.unwrap().unwrap();
    assert_eq!(report.summary.arrived, 60, "{report:?}");
    assert_eq!(report.summary.answered + report.summary.abandoned, 60, "{report:?}");
    assert!(report.detail.links_resumed > 3, "{report:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_driven_says_what_to_do() {
    let plan = small_plan();
    let house = House::open(&plan, SPEED).await;
    let told = |options: LiveOptions, plan: &Plan| {
        let plan = plan.clone();
        async move { drive(plan, options).await.unwrap_err().to_string() }
    };
    let slower = told(LiveOptions { speed: 2, ..house.options() }, &plan).await;
    assert!(slower.contains("60 times") && slower.contains("--clock-scale 2"), "{slower}");
    let stranger = told(LiveOptions { token: "no-such-token".into(), ..house.options() }, &plan).await;
    assert!(stranger.contains("token of the drive"), "{stranger}");
    let nobody = told(LiveOptions { agent_tokens: BTreeMap::new(), ..house.options() }, &plan).await;
    assert!(nobody.contains("1001") && nobody.contains("provision"), "{nobody}");
    let mut wrong = house.options();
    wrong.agent_tokens.values_mut().for_each(|token| *token = "no-such-token".into());
    let wrong = told(wrong, &plan).await;
    assert!(wrong.contains("token of agent 100"), "{wrong}");
    let gone = told(LiveOptions { server: "http://127.0.0.1:1".into(), ..house.options() }, &plan).await;
    assert!(gone.contains("cannot be reached"), "{gone}");
    let mut other = plan.clone();
    other.calls[0].queue = "loans".into();
    let other = told(house.options(), &other).await;
    assert!(other.contains("queues loans") && other.contains("prepare"), "{other}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_quarter_of_an_hour_of_the_bank_reconciles_at_speed_120() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bank-1999-02.tsv");
    let Ok(source) = std::fs::File::open(path) else {
        eprintln!("skipped: the bank's log is not here");
        return;
    };
    let layout = Layout::shipped("bank-1999").unwrap();
    let (calls, counts) = read(source, &layout, &mut |_| {}).unwrap();
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    let mut plan = Plan::new(SiteId::fixed("drive"), &layout, calls, counts, staffing);
    let window = Window::between(Some("1999-02-03T10:00"), Some("1999-02-03T10:15"), layout.zone()).unwrap();
    plan.select(window).unwrap();
    let arriving = plan.calls.len() as u64;
    let house = House::open(&plan, 120).await;
    let report = drive(plan, house.options()).await.unwrap();
    assert_eq!(report.summary.arrived, arriving, "{report:?}");
    assert_eq!(report.summary.answered + report.summary.abandoned, arriving, "{report:?}");
    eprintln!("{report:#?}");
    house.close().await;
}
