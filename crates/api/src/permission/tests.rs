//! The whole table, walked and pinned: a change of who may do what shows here as a changed line.

use super::*;
use cordboard_floor::{AccountId, Actor};
use std::fmt::Write as _;

fn who(role: Role) -> Who {
    Who {
        account: AccountId::fixed("li"),
        roles: vec![role],
        agent: Some(AgentId::fixed("1001")),
        teams: vec![TeamId::fixed("red")],
        queues: vec![QueueId::fixed("sales")],
    }
}

/// O own, T team, Q queue, S site; one column per role, in the order of ROLES: agent, team_leader, shift_leader,
/// director, manager, qa, coordinator, planner, inspector, admin, integrator.
const TABLE: &str = "\
agent.sign_in          O   O   O   -   -   -   O   -   -   -   -
agent.set_state        O   O   O   -   -   -   O   -   -   -   -
agent.sign_out         O   OT  OS  S   -   -   O   -   -   S   -
agent.force_state      -   T   S   S   -   -   -   -   -   -   -
agent.request_break    O   O   O   -   -   -   O   -   -   -   -
agent.raise_hand       O   OT  OS  S   -   -   O   -   -   -   -
break.decide           -   T   S   S   -   -   -   -   -   -   -
break.withdraw         O   O   O   -   -   -   O   -   -   -   -
offer.accept           O   O   O   -   -   -   O   -   -   -   -
offer.reject           O   O   O   -   -   -   O   -   -   -   -
contact.hold           O   O   O   -   -   -   O   -   -   -   -
contact.resume         O   O   O   -   -   -   O   -   -   -   -
contact.mute           O   O   O   -   -   -   O   -   -   -   -
contact.unmute         O   O   O   -   -   -   O   -   -   -   -
contact.consult        O   O   O   -   -   -   O   -   -   -   -
contact.conference     O   O   O   -   -   -   O   -   -   -   -
contact.transfer       O   O   O   -   -   -   O   -   -   -   -
contact.leave          O   O   O   -   -   -   O   -   -   -   -
contact.end            O   O   O   -   -   -   O   -   -   -   -
wrapup.complete        O   O   O   -   -   -   O   -   -   -   -
wrapup.extend          O   O   O   -   -   -   O   -   -   -   -
contact.assign         -   TQ  S   S   -   -   -   -   -   -   -
contact.move           -   TQ  S   S   -   -   -   -   -   -   -
contact.reprioritise   -   TQ  S   S   -   -   -   -   -   -   -
queue.open             -   -   S   S   S   -   -   -   -   S   -
queue.drain            -   -   S   S   S   -   -   -   -   S   -
queue.close            -   -   S   S   S   -   -   -   -   S   -
queue.set_breaks       -   -   S   S   S   -   -   -   -   -   -
team.message           -   T   S   S   S   -   S   -   -   -   -
message.acknowledge    O   O   O   -   -   -   O   -   -   -   -
alert.acknowledge      -   TQ  S   S   S   -   -   -   -   S   -
contact.create         -   -   -   -   -   -   -   -   -   -   S
contact.enqueue        -   -   -   -   -   -   -   -   -   -   S
contact.abandon        -   -   -   -   -   -   -   -   -   -   S
contact.request_callback O   O   O   -   -   -   O   -   -   -   S
callback.answered      O   O   O   -   -   -   O   -   -   -   S
callback.failed        O   O   O   -   -   -   O   -   -   -   S
figures.enter          -   TQ  S   S   S   S   S   S   -   -   S
report.freeze          -   -   S   S   S   -   S   -   -   -   -
report.submit          -   -   S   -   -   -   S   -   -   -   -
report.approve         -   -   -   S   S   -   -   -   -   -   -
wall.manage            -   -   S   S   S   -   -   -   -   S   -
workforce.plan         -   -   -   S   -   -   -   S   -   -   -
workforce.publish      -   -   -   S   S   -   -   -   -   -   -
leave.request          O   OT  OS  S   S   -   O   -   -   -   -
leave.decide           -   T   S   S   S   -   -   -   -   -   -
swap.request           O   O   O   -   -   -   O   -   -   -   -
overtime.answer        O   O   O   -   -   -   O   -   -   -   -
handover.accept        O   O   O   -   -   -   O   -   -   -   -
attendance.mark        -   T   S   S   S   -   -   -   -   -   -
account.manage         -   -   -   -   -   -   -   -   -   S   -
config.apply           -   -   -   -   -   -   -   -   -   S   -
view.rebuild           -   -   -   -   -   -   -   -   -   S   -
person.erase           -   -   -   -   -   -   -   -   -   S   -
agent.view             O   OTQ OS  S   S   S   OS  S   S   S   S
queue.view             O   OTQ OS  S   S   S   OS  S   S   S   S
directory.view         O   OTQ OS  S   S   S   OS  S   S   S   S
contact.view           O   OTQ OS  S   S   S   OS  S   S   S   S
figures.view           -   TQ  S   S   S   S   S   S   S   S   S
events.view            O   OTQ OS  S   S   S   OS  S   S   S   S
message.view           O   OTQ OS  S   S   -   OS  -   S   -   -
schedule.view          O   OT  OS  S   S   -   O   S   S   -   -
attendance.view        O   OT  OS  S   S   -   O   S   S   -   -
workforce.view         -   TQ  S   S   S   -   -   S   S   -   -
alert.view             -   TQ  S   S   S   -   S   -   S   S   -
explain                O   OTQ OS  S   S   S   O   S   S   S   -
past.view              -   TQ  S   S   S   S   -   S   S   S   -
replay.start           -   TQ  S   S   S   S   -   S   S   S   -
floor.subscribe        -   TQ  S   S   S   S   S   S   S   S   S
events.subscribe       O   OTQ OS  S   S   S   OS  S   S   S   S
wall.subscribe         -   TQ  S   S   S   S   S   S   S   S   S
number.view            -   T   S   S   -   S   -   -   S   -   -
text.view              -   T   S   S   -   S   S   -   S   -   -
";

#[test]
fn the_whole_table_is_as_pinned() {
    let mut table = String::new();
    for verb in Verb::ALL {
        let _ = write!(table, "{:<22}", verb.name());
        for (role, ..) in ROLES.iter().filter(|(role, ..)| !role.is_a_screen()) {
            let scopes = scopes(&who(*role), *verb);
            let letters: String =
                [(Scope::Own, 'O'), (Scope::Team, 'T'), (Scope::Queue, 'Q'), (Scope::Site, 'S')]
                    .into_iter()
                    .filter_map(|(scope, letter)| scopes.has(scope).then_some(letter))
                    .collect();
            let _ = write!(table, " {:<3}", if letters.is_empty() { "-" } else { &letters });
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    assert_eq!(table, TABLE, "\n{table}");
}

#[test]
fn roles_stand_in_the_order_of_their_numbers_and_have_one_name_each() {
    for (at, (role, name, _)) in ROLES.iter().enumerate() {
        assert_eq!(*role as usize, at);
        assert_eq!(Role::named(name), Some(*role));
        assert_eq!(role.name(), *name);
    }
    assert_eq!(Role::named("root"), None);
}

#[test]
fn the_inspector_reads_all_and_writes_nothing() {
    for verb in Verb::ALL {
        assert_eq!(may(&who(Role::Inspector), *verb, &Target::site()).is_ok(), !verb.writes(), "{verb}");
    }
}

#[test]
fn a_screen_follows_its_wall_and_does_nothing_else() {
    for verb in Verb::ALL {
        let may = may(&who(Role::Wall), *verb, &Target::site());
        assert_eq!(may.is_ok(), *verb == Verb::WallSubscribe, "{verb}");
    }
    assert!(who(Role::Wall).is_a_screen());
    assert_eq!(ROLES.iter().filter(|(role, ..)| role.is_a_screen()).count(), 1);
}

#[test]
fn an_agent_reaches_nothing_beyond_her_own() {
    let elsewhere = [
        Target::site(),
        Target::agent(AgentId::fixed("1002"), Some(TeamId::fixed("red"))),
        Target::team(TeamId::fixed("red")),
        Target::queue(QueueId::fixed("sales")),
    ];
    for verb in Verb::ALL {
        for target in &elsewhere {
            assert!(may(&who(Role::Agent), *verb, target).is_err(), "{verb} {target:?}");
        }
    }
    let own = Target::agent(AgentId::fixed("1001"), None);
    assert_eq!(may(&who(Role::Agent), Verb::OfferAccept, &own), Ok(()));
    let denied = may(&who(Role::Agent), Verb::AgentForceState, &own).unwrap_err();
    assert_eq!(denied.to_string(), "this needs the permission agent.force_state with scope own");
}

#[test]
fn a_team_leader_stops_at_her_teams_and_queues() {
    let leader = who(Role::TeamLeader);
    let (red, blue) = (TeamId::fixed("red"), TeamId::fixed("blue"));
    let agent = AgentId::fixed("1002");
    assert_eq!(may(&leader, Verb::AgentForceState, &Target::agent(agent, Some(red))), Ok(()));
    for team in [Some(blue), None] {
        let denied = may(&leader, Verb::AgentForceState, &Target::agent(agent, team)).unwrap_err();
        assert_eq!(denied, Denied { verb: Verb::AgentForceState, needs: Scope::Site });
    }
    assert_eq!(may(&leader, Verb::ContactMove, &Target::queue(QueueId::fixed("sales"))), Ok(()));
    assert!(may(&leader, Verb::ContactMove, &Target::queue(QueueId::fixed("claims"))).is_err());
    assert!(may(&leader, Verb::QueueClose, &Target::queue(QueueId::fixed("sales"))).is_err());
}

#[test]
fn nobody_has_more_than_her_roles_give_together() {
    let nobody = Who { roles: Vec::new(), ..who(Role::Agent) };
    assert!(Verb::ALL.iter().all(|verb| may(&nobody, *verb, &Target::site()).is_err()));
    let both = Who { roles: vec![Role::Agent, Role::Inspector], ..who(Role::Agent) };
    assert!(may(&both, Verb::AgentView, &Target::site()).is_ok());
    assert!(may(&both, Verb::OfferAccept, &Target::agent(AgentId::fixed("1001"), None)).is_ok());
    assert!(may(&both, Verb::OfferAccept, &Target::site()).is_err());
}

#[test]
fn who_acts_is_the_agent_herself_a_leader_or_the_account() {
    let (own, other) = (Some(AgentId::fixed("1001")), Some(AgentId::fixed("1002")));
    let account = AccountId::fixed("li");
    assert_eq!(who(Role::Agent).acting_on(own), Actor::Agent(AgentId::fixed("1001")));
    assert_eq!(who(Role::TeamLeader).acting_on(own), Actor::Agent(AgentId::fixed("1001")));
    assert_eq!(who(Role::TeamLeader).acting_on(other), Actor::Leader(account));
    assert_eq!(who(Role::ShiftLeader).acting_on(None), Actor::Leader(account));
    assert_eq!(who(Role::Integrator).acting_on(None), Actor::Account(account));
}
