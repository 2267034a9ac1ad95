//! Whatever is asked in whatever order: the desk replayed from its log, and read from bytes half-way, is the desk that lived;
//! nobody has two shifts at once; counters are the sums of what the log tells.

use crate::tools::*;
use cordboard_floor::SiteId;
use cordboard_floor::decider::Decider;
use cordboard_workforce::handover::{Check, Place};
use cordboard_workforce::id::*;
use cordboard_workforce::leave::NewLeave;
use cordboard_workforce::overtime::Wanted;
use cordboard_workforce::requests::{Approver, LeaveKind, Paper};
use cordboard_workforce::shift::{ChangeWhy, Sketch};
use cordboard_workforce::swap::NewSwap;
use cordboard_workforce::{Command, Day, Event, Workforce};
use proptest::prelude::*;

const AGENTS: [cordboard_floor::AgentId; 3] = [LI, WANG, ZHAO];

/// A command of small numbers, which often hit something.
fn command(desk: &mut Desk, kind: u8, a: u64, b: u64) -> Command {
    let pick = |seqs: Vec<u64>, n: u64| seqs.get(n as usize % seqs.len().max(1)).copied().unwrap_or(1);
    let shifts: Vec<u64> = desk.desk.shifts().map(|(id, _)| id.0).collect();
    let (one, two) = (ShiftId(pick(shifts.clone(), a)), ShiftId(pick(shifts, b)));
    let leave = LeaveId(pick(desk.desk.leaves().map(|(id, _)| id.0).collect(), a));
    let swap = SwapId(pick(desk.desk.swaps().map(|(id, _)| id.0).collect(), a));
    let overtime = OvertimeId(pick(desk.desk.overtimes().map(|(id, _)| id.0).collect(), a));
    let offer = TimeOffId(pick(desk.desk.times_off().map(|(id, _)| id.0).collect(), a));
    let handover = HandoverId(pick(desk.desk.handovers().map(|(id, _)| id.0).collect(), a));
    let owner = |shift| desk.desk.shift(shift).map_or(LI, |shift| shift.sketch.agent);
    let (account, agent) = (LEADER, AGENTS[(b % 3) as usize]);
    let rank = if b.is_multiple_of(2) { Approver::Director } else { Approver::ShiftLeader };
    let (day, hour) = ((a % 12) as i64, (b % 20) as i64);
    let (from, until) = (at(day * DAY + hour * HOUR), at(day * DAY + (hour + 6) * HOUR));
    let wanted = || Wanted { agents: AGENTS.to_vec(), heads: 1 + (b % 2) as u32, from, until };
    match kind % 22 {
        0 | 1 => Command::RequestLeave(NewLeave {
            agent,
            kind: [LeaveKind::Sick, LeaveKind::Personal][(a % 2) as usize],
            from,
            until,
            day: Day::utc(from),
            today: Day::utc(desk.now),
            special: true,
            text: None,
        }),
        2 => Command::ApproveLeave { leave, account, rank },
        3 => Command::WithdrawLeave { leave, agent },
        4 => Command::SubmitPapers { leave, papers: Paper::ALL[..1 + (b % 5) as usize].to_vec() },
        5 => Command::JudgePapers { leave, borne_out: b.is_multiple_of(2), account, text: None },
        6 | 7 => {
            let (agent, with) = (owner(one), owner(two));
            Command::RequestSwap(NewSwap {
                agent,
                shift: one,
                with,
                other: two,
                text: None,
                exceptional: true,
            })
        }
        8 => {
            let with = desk.desk.swap(swap).map_or(LI, |swap| swap.asked.with);
            Command::AnswerSwap { swap, agent: with, agrees: !b.is_multiple_of(5) }
        }
        9 => Command::ApproveSwap { swap, account, rank: Approver::Director, exception: Some(text(3)) },
        10 => Command::TakeInLieu { shift: one, account },
        11 => Command::ListOvertime { wanted: wanted(), day: Day::utc(from), queue: None, account },
        12 => Command::AnswerOvertime { overtime, agent, comes: !b.is_multiple_of(3) },
        13 => Command::OfferTimeOff { wanted: wanted(), account },
        14 => Command::TakeTimeOff { offer, agent },
        15 => {
            let sketch = Sketch { relief: b.is_multiple_of(2), ..sketch(agent, day as i32, hour, hour + 7) };
            Command::ChangeShift { shift: one, sketch, account }
        }
        16 => Command::WithdrawShifts { shifts: vec![one], why: WHY, account },
        17 => {
            let place = Place { outgoing: one, incoming: two, seat: None };
            Command::ListHandovers { places: vec![place], account }
        }
        18 => {
            let to = desk.desk.handover(handover).map_or(LI, |known| known.listed.to);
            let checks = ["screen", "hygiene", "equipment"].map(CheckId::fixed);
            let checks = checks.map(|check| Check { check, in_order: true }).to_vec();
            Command::CheckHandover { handover, agent: to, checks, text: None }
        }
        19 => {
            let to = desk.desk.handover(handover).map_or(LI, |known| known.listed.to);
            Command::AcceptHandover { handover, agent: to, seat: None }
        }
        20 => Command::OverrideSignOut { shift: one, why: WHY, account },
        _ => Command::GrantException { shift: one, from, until, why: WHY, account },
    }
}

fn bytes(desk: &Workforce) -> Vec<u8> {
    rmp_serde::to_vec(desk).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn live_is_replayed_and_tables_agree(
        steps in prop::collection::vec((any::<u8>(), any::<u64>(), any::<u64>(), 0_i64..6), 1..120),
    ) {
        let mut desk = Desk::new();
        let relieved = |agent, day| Sketch { relief: true, ..sketch(agent, day, 8, 16) };
        desk.roster((0..9).flat_map(|day| [relieved(LI, day), sketch(WANG, day, 14, 22)]).collect());
        desk.now = at(-2 * DAY);
        for (kind, a, b, hours) in steps {
            let command = command(&mut desk, kind, a, b);
            let _ = desk.ask(command);
            desk.until(desk.now.plus(cordboard_floor::Millis((hours * HOUR) as u64)));
            for agent in AGENTS {
                let mut own: Vec<_> = desk.desk.shifts().filter(|(_, shift)| shift.sketch.agent == agent).collect();
                own.sort_by_key(|(_, shift)| shift.sketch.from);
                let apart = |pair: &[(ShiftId, &cordboard_workforce::shift::Shift)]| {
                    pair[0].1.sketch.until <= pair[1].1.sketch.from
                };
                prop_assert!(own.windows(2).all(apart), "nobody has two shifts at once");
            }
        }
        let month = first().month();
        for agent in AGENTS {
            let taken = desk.desk.shifts().filter(|(_, shift)| {
                let in_lieu = shift.away.iter().any(|away| away.why == ChangeWhy::InLieu);
                in_lieu && shift.sketch.agent == agent && shift.sketch.day.month() == month
            });
            prop_assert_eq!(desk.desk.in_lieu(agent, month).taken, taken.count() as u32);
            prop_assert!(desk.desk.in_lieu(agent, month).taken <= 2);
        }
        let swaps = desk.log.iter().filter(|recorded| matches!(recorded.event, Event::SwapApproved(_))).count();
        let had: u32 = AGENTS.iter().map(|agent| desk.desk.swaps_had(*agent, month)).sum();
        prop_assert_eq!(had as usize, 2 * swaps);
        let (mut replayed, half) = (Workforce::new(SiteId::fixed("main")), desk.log.len() / 2);
        for (n, recorded) in desk.log.iter().enumerate() {
            if n == half {
                replayed = rmp_serde::from_slice(&bytes(&replayed)).unwrap();
                replayed.reindex();
            }
            replayed.apply(recorded);
        }
        prop_assert!(bytes(&replayed) == bytes(&desk.desk), "replayed is live");
        prop_assert_eq!(replayed.next_deadline(), desk.desk.next_deadline());
    }
}
