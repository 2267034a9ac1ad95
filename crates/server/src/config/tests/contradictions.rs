//! What `check` refuses or warns of, each with its line and the mend. The line that is meant ends with `# here`.

use super::settings;
use crate::config::Severity;

const FLOOR: &str = r#"
[site]
callers_kept_ms = 86_400_000
[skills]
en = "英语"
zh = "中文"
[queues.loans]
skills = { en = 60 }
waiting_max = 50
[queues.cards]
[queues.overflow]
[queues.old]
active = false
[agents.1001]
queues = ["loans", "cards", "overflow"]
skills = { en = 80, zh = 90 }
[agents.1002]
queues = ["loans", "cards"]
skills = { en = 60 }
[agents.1009]
queues = ["cards"]
active = false
"#;

/// That the one error, or a warning and no error, stands at the marked line and says all of this.
#[track_caller]
fn told(severity: Severity, text: &str, words: &[&str]) {
    let text = format!("{FLOOR}{text}");
    let line = text.lines().position(|line| line.ends_with("# here")).expect("a marked line") + 1;
    let problems = settings(&text, &[]).problems;
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    assert_eq!(errors, usize::from(severity == Severity::Error), "{text}\n{problems:#?}");
    let found = problems.iter().any(|problem| {
        let told = problem.to_string();
        problem.severity == severity
            && problem.line == Some(line)
            && !problem.mend.is_empty()
            && words.iter().all(|word| told.contains(word))
    });
    assert!(found, "line {line}: {words:?}\n{text}\n{problems:#?}");
}

#[track_caller]
fn refused(text: &str, words: &[&str]) {
    told(Severity::Error, text, words);
}

#[track_caller]
fn warned(text: &str, words: &[&str]) {
    told(Severity::Warning, text, words);
}

#[track_caller]
fn fine(text: &str) {
    let text = format!("{FLOOR}{text}");
    assert_eq!(settings(&text, &[]).problems, [], "{text}");
}

fn steps(rows: &[&str]) -> String {
    list("steps", rows)
}

fn exits(rows: &[&str]) -> String {
    list("exits", rows)
}

/// Rows of loans' plan, each on one line.
fn list(name: &str, rows: &[&str]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| match row.split_once('#') {
            Some((row, mark)) => format!("  {{ {}}}, #{mark}", row),
            None => format!("  {{ {row} }},"),
        })
        .collect();
    format!("[queues.loans.plan]\n{name} = [\n{}\n]\n", rows.join("\n"))
}

#[test]
fn steps_change_something_widen_and_are_reached() {
    refused(&steps(&["after_ms = 5000 # here"]), &["steps.1", "changes nothing", "take it out"]);
    refused(&steps(&["after_ms = 5000, skills = { en = 60 } # here"]), &["changes nothing"]);
    refused(
        &steps(&["after_ms = 5000, also = [\"cards\"]", "after_ms = 9000, also = [\"cards\"] # here"]),
        &["steps.2"],
    );
    refused(&steps(&["raise = 5 # here"]), &["without a trigger", "add one or more of after_ms"]);
    refused(
        &steps(&["after_ms = 5000, raise = 5", "after_ms = 5000, raise = 5 # here"]),
        &["5000 ms is not later than the 5000 ms of step 1", "make them one step, or choose more than 5000"],
    );
    refused(
        &steps(&["after_ms = 5000, raise = 5", "after_ms = 4000, waiting_above = 3, raise = 5 # here"]),
        &["not later", "order of their times"],
    );
    refused(
        &steps(&["after_ms = 5000, skills = { en = 70 } # here"]),
        &["steps.1.skills", "en 70, where 60 was asked before", "may only widen"],
    );
    refused(&steps(&["after_ms = 5000, skills = { zh = 1 } # here"]), &["zh 1, which was not asked before"]);
    refused(&steps(&["after_ms = 5000, any = [{ zh = 50 }] # here"]), &["one of {zh 50}", "may only widen"]);
    refused(&steps(&["waiting_above = 50, raise = 5 # here"]), &["waiting_max is 50", "choose less than 50"]);
    refused(&steps(&["eligible_below = 0, raise = 5 # here"]), &["0 is out of bounds", "choose 1 to"]);
    refused(&steps(&["after_ms = 5000, also = [\"lones\"] # here"]), &["did you mean \"loans\"?"]);
    refused(&steps(&["after_ms = 5000, also = [\"loans\"], raise = 1 # here"]), &["the queue itself"]);
    refused(&steps(&["after_ms = 5000, also = [\"old\"] # here"]), &["old is retired"]);
    refused(&steps(&["after_ms = 5000, any = [{ en = 10, fr = 3 }] # here"]), &["there is no skill \"fr\""]);
    refused(
        &steps(&["after_ms = 5000, rise = 5, raise = 5 # here"]),
        &["no such key", "did you mean \"raise\"?"],
    );
    warned(&steps(&["after_ms = 0, raise = 5 # here"]), &["as soon as a contact enters"]);
    refused(
        &format!(
            "{}exits = [{{ after_ms = 8000, message = \"later\" }}]\n",
            steps(&["after_ms = 9000, raise = 5 # here"])
        ),
        &["never reached: exit 1 ends the contact after 8000 ms", "choose less than 8000"],
    );
    warned(
        &format!(
            "{}exits = [{{ after_ms = 8000, queue = \"cards\" }}]\n",
            steps(&["after_ms = 9000, raise = 5 # here"])
        ),
        &["only if cards takes nobody"],
    );
    fine(&steps(&[
        "after_ms = 5000, skills = { en = 40 }",
        "after_ms = 9000, any = [{ en = 40, zh = 1 }], skills = {}",
    ]));
    fine(&steps(&["after_ms = 5000, raise = 1", "after_ms = 5000, ready_below = 2, forgo_own = true"]));
}

#[test]
fn exits_lead_somewhere_and_can_be_taken() {
    refused(&exits(&["after_ms = 5000, queue = \"crads\" # here"]), &["did you mean \"cards\"?"]);
    refused(
        &exits(&["after_ms = 5000, agent = \"1003\" # here"]),
        &["there is no agent \"1003\"", "did you mean \"100"],
    );
    refused(&exits(&["after_ms = 5000, agent = \"1009\" # here"]), &["1009 is retired"]);
    refused(
        &exits(&["after_ms = 5000, queue = \"loans\" # here"]),
        &["back into the queue itself", "name another"],
    );
    refused(&exits(&["after_ms = 5000 # here"]), &["without a target", "write one of queue"]);
    refused(&exits(&["after_ms = 5000, queue = \"cards\", callback = true # here"]), &["several"]);
    refused(&exits(&["queue = \"cards\" # here"]), &["without a trigger", "closed"]);
    refused(&exits(&["closed = false, queue = \"cards\" # here"]), &["without a trigger"]);
    refused(&exits(&["after_ms = 5000, message = \"\" # here"]), &["a message without a name", "name it"]);
    refused(
        &exits(&["after_ms = 5000, callback = true # here"]),
        &["which the queue does not allow", "set queues.loans.plan.callback.allowed = true"],
    );
    refused(&exits(&["waiting_above = 51, queue = \"cards\" # here"]), &["waiting_max is 50"]);
    refused(
        &exits(&["waiting_above = 5, message = \"later\"", "waiting_above = 9, queue = \"cards\" # here"]),
        &["exits.2", "never taken: exit 1"],
    );
    refused(
        &exits(&[
            "closed = true, eligible_below = 3, queue = \"cards\"",
            "eligible_below = 2, queue = \"cards\" # here",
        ]),
        &["never taken: exit 1"],
    );
    fine(&exits(&["waiting_above = 5, queue = \"cards\"", "waiting_above = 5, message = \"later\""]));
    fine(&exits(&["after_ms = 5000, queue = \"cards\"", "after_ms = 9000, queue = \"cards\""]));
    warned(
        &format!(
            "{}preferred = {{ wait_ms = 6000, last_agent = true }}\n",
            exits(&["after_ms = 6000, queue = \"cards\" # here"])
        ),
        &["leaves before anybody else is asked", "choose more than 6000"],
    );
    warned(
        &format!("{}answer_within_ms = 7000\n", exits(&["after_ms = 6000, queue = \"cards\" # here"])),
        &["7000 ms within which they should be answered"],
    );
    warned(
        &format!(
            "{}callback = {{ allowed = true, expires_ms = 6000, retry_ms = 10 }}\n",
            exits(&["after_ms = 6000, queue = \"cards\" # here"])
        ),
        &["callbacks expire after 6000 ms"],
    );
}

#[test]
fn exits_taken_on_entering_do_not_lead_round() {
    refused(
        r#"
[[queues.loans.plan.exits]]
waiting_above = 5
queue = "overflow"
[[queues.cards.plan.exits]] # here
eligible_below = 1
queue = "loans"
[[queues.overflow.plan.exits]]
after_ms = 100
message = "later"
[[queues.overflow.plan.exits]]
closed = true
queue = "cards"
"#,
        &["queues.cards.plan.exits.1", "cards → loans → overflow → cards"],
    );
    // By time there is no circle: the contact waits in each of them.
    fine(
        "[[queues.loans.plan.exits]]\nwaiting_above = 5\nqueue = \"cards\"\n\
         [[queues.cards.plan.exits]]\nafter_ms = 5000\nqueue = \"loans\"\n",
    );
    // What all queues take leads one of them to itself.
    refused(
        "[[queue_defaults.plan.exits]]\nafter_ms = 9000\nqueue = \"overflow\" # here\n",
        &["queues.overflow", "exits = []"],
    );
    fine(
        "[[queue_defaults.plan.exits]]\nafter_ms = 9000\nqueue = \"overflow\"\n[queues.overflow.plan]\nexits = []\n",
    );
}

#[test]
fn a_plan_is_within_bounds_and_fits_its_people() {
    let plan = |text: &str| format!("[queues.loans.plan]\n{text}\n");
    refused(&plan("selection = \"longest_idel\" # here"), &["did you mean \"longest_idle\"?"]);
    refused(&plan("selection = \"best\" # here"), &["choose one of longest_idle"]);
    refused(&plan("weight = 0 # here"), &["choose 1 to 1000"]);
    refused(&plan("weight = 1001 # here"), &["choose 1 to 1000"]);
    refused(&plan("conversations_max = 0 # here"), &["choose 1 to"]);
    refused(&plan("any = [{}] # here"), &["one of no conditions"]);
    refused(&plan("also = [\"loans\"] # here"), &["take it out"]);
    refused(&plan("guards = { missed_max = 0 } # here"), &["choose 1 to 255"]);
    refused(
        &plan("breaks = { away_max = 0 } # here"),
        &["nobody could ever go on a break", "a leader decides"],
    );
    refused(&plan("breaks = { staffed_min = 2 } # here"), &["the queue has 2 agents", "choose 1 or less"]);
    fine(&plan("breaks = { staffed_min = 1 }"));
    refused(&plan("preferred = { last_agent = true } # here"), &["wait_ms is 0", "as in wait_ms ="]);
    // The floor remembers callers; this one does not.
    let forgetful = format!("{FLOOR}{}", plan("preferred = { first_owner = true, wait_ms = 9 }"));
    let problems = settings(&forgetful.replace("callers_kept_ms = 86_400_000", ""), &[]).problems;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(
        problems[0].what.contains("site.callers_kept_ms is 0") && problems[0].mend.contains("2_592_000_000")
    );
}

#[test]
fn a_plan_that_hardly_means_what_it_says_is_warned_of() {
    let plan = |queue: &str, text: &str| format!("[queues.{queue}.plan]\n{text}\n");
    warned(&plan("cards", "selection = \"most_skilled\" # here"), &["no skill is asked"]);
    fine(&plan("loans", "selection = \"most_skilled\""));
    warned(
        &plan("cards", "selection = \"weighted\" # here"),
        &["all 2 agents have weight 100", "fewest_contacts"],
    );
    warned(&plan("cards", "selection = \"linear\" # here"), &["all 2 agents have position 0"]);
    fine(&plan("cards", "selection = \"round_robin\""));
    fine(&plan("cards", "selection = \"ring_all\"\nconversations_max = 1"));
    warned(&plan("cards", "conversations_max = 3 # here"), &["its 2 agents can hold 2"]);
    warned(
        &plan("cards", "callback = { allowed = true, retry_ms = 1000, expires_ms = 2000 } # here"),
        &["3 attempts 1000 ms apart do not fit 2000 ms"],
    );
    // Also where none is allowed: what was promised before is kept under these terms.
    for zero in ["dial_ms = 0", "attempts_max = 0", "expires_ms = 0"] {
        for allowed in [false, true] {
            let callback = format!("callback = {{ allowed = {allowed}, {zero} }} # here");
            refused(&plan("cards", &callback), &["0 is out of bounds", "choose 1 to"]);
        }
    }
}

#[test]
fn agents_have_hands_and_stand_ins_that_can_be() {
    let agent = |text: &str| format!("[agents.1003]\nqueues = [\"cards\"]\n{text}\n");
    refused(&agent("stand_in = \"1003\" # here"), &["nobody stands in for herself"]);
    refused(&agent("stand_in = \"1020\" # here"), &["there is no agent \"1020\""]);
    refused(&agent("stand_in = \"1009\" # here"), &["retired"]);
    refused(&agent("weight = 0 # here"), &["choose 1 to 1000"]);
    refused(&agent("mixes = [{}] # here"), &["allows nothing"]);
    refused(&agent("mixes = [[]] # here"), &["mixes.1", "must be a table", "in braces"]);
    refused(&agent("mixes = [{ voice = 0 }] # here"), &["choose 1 to 50"]);
    refused(&agent("mixes = [{ voice = 30, chat = 30 }] # here"), &["60 contacts in hand", "at most 50"]);
    warned(&agent("mixes = [{ voice = 1, chat = 1 }, { chat = 1 }] # here"), &["mix 1 allows all of it"]);
    warned(&agent("mixes = [{ voice = 1 }]\ninterruptible = [\"mail\"] # here"), &["in none of her mixes"]);
    warned(&agent("mixes = [{ voice = 1 }]\ncapacity = 2 # here"), &["does not count"]);
    // Each other's, and in a longer circle.
    fine(&agent("stand_in = \"1004\"\n[agents.1004]\nqueues = [\"cards\"]\nstand_in = \"1003\""));
    fine(&agent(
        "stand_in = \"1004\"\n[agents.1004]\nqueues = [\"cards\"]\nstand_in = \"1005\"\n\
         [agents.1005]\nqueues = [\"cards\"]\nstand_in = \"1003\"",
    ));
}

#[test]
fn calendars_make_sense() {
    let calendar = |text: &str| format!("[queue_defaults]\nhours = \"office\"\n[calendars.office]\n{text}\n");
    let weekly = |hours: &str| calendar(&format!("weekly = {{ {hours} }} # here"));
    refused(
        &weekly("monday = [\"08:00-12:00\"], tue = [\"08:00-09:00\"]"),
        &["no day of the week", "write \"mon\""],
    );
    refused(&weekly("mon = [\"8-12\"], tue = [\"08:00-09:00\"]"), &["are no hours", "08:00-18:00"]);
    refused(&weekly("mon = [\"08:00-08:00\"], tue = [\"08:00-09:00\"]"), &["has no length", "00:00-24:00"]);
    refused(&weekly("mon = [\"24:00-08:00\"], tue = [\"08:00-09:00\"]"), &["are no hours"]);
    refused(&weekly("mon = [\"08:00-12:00\", \"11:00-13:00\"]"), &["08:00-12:00 and 11:00-13:00 overlap"]);
    refused(&weekly("sun = [\"22:00-06:00\"], mon = [\"05:00-12:00\"]"), &["runs into 05:00-12:00 of mon"]);
    refused(&weekly("mon = \"08:00-12:00\", tue = [\"08:00-09:00\"]"), &["must be a list"]);
    warned(&weekly("mon = [\"18:00-13:00\"]"), &["open past midnight, for 19 h", "\"13:00-18:00\""]);
    let closed = |text: &str| calendar(&format!("weekly = {{ mon = [\"08:00-12:00\"] }}\n{text}"));
    refused(
        &closed("holidays = [\"2026-10-07..2026-10-01\"] # here"),
        &["backwards", "2026-10-01..2026-10-07"],
    );
    refused(&closed("holidays = [\"2026-02-30\"] # here"), &["is no date", "2026-10-01"]);
    refused(&closed("days = { \"10-10\" = [] } # here"), &["is no date"]);
    refused(&closed("zone = \"Asia/Shanghay\" # here"), &["did you mean \"Asia/Shanghai\"?"]);
    refused(
        "[queue_defaults]\nhours = \"office\"\n[calendars.office] # here\nweekly = { mon = [] }\n",
        &["is never open"],
    );
    refused(
        "[queue_defaults]\nhours = \"ofice\" # here\n[calendars.office]\nweekly = { mon = [\"08:00-12:00\"] }\n",
        &["there is no calendar \"ofice\"", "did you mean \"office\"?"],
    );
    warned("[calendars.office] # here\nweekly = { mon = [\"08:00-12:00\"] }\n", &["no queue names it"]);
    fine(&closed(
        "holidays = [\"2026-10-05\"]\ndays = { \"2026-10-05\" = [\"08:00-12:00\", \"12:00-24:00\"] }",
    ));
}
