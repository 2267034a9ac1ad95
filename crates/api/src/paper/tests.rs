//! What every form says of itself, and that layouts name roles that there are.

use super::{Checked, Form, Language, Made};
use crate::permission::{Role, Scope, Verb};
use cordboard_floor::event::ClockStepped;
use cordboard_floor::{Actor, Instant, Recorded, SiteId};
use cordboard_views::paper::{Draft, Layout, Papers, digest, hex};

/// The paper of a day on which the clock was set and nothing else happened.
fn quiet(layout: &'static Layout) -> Made {
    let at = Instant::parse("2026-11-22T08:00:00Z").unwrap();
    let stretch = layout.period.containing(at, "UTC").unwrap();
    let mut papers = Papers::new(vec![Draft::new(layout, stretch, "UTC").unwrap()]).unwrap();
    papers.fold(&Recorded {
        seq: 1,
        at,
        site: SiteId::fixed("stage"),
        actor: Actor::system("test"),
        reason: None,
        cause: None,
        event: ClockStepped { delta_ms: 1 }.into(),
    });
    let paper = papers.finish().unwrap().remove(0);
    let bytes = paper.bytes().unwrap();
    Made { digest: digest(&bytes), paper, bytes }
}

#[test]
fn a_report_that_is_not_the_frozen_one_says_so_in_every_form() {
    let made = quiet(Layout::find("daily").unwrap());
    let (good, other) = (Checked { frozen: made.digest, made: made.clone() }, [7; 32]);
    let bad = Checked { frozen: other, made };
    for (form, word) in Form::ALL {
        for (language, warning) in [(Language::Zh, "警告"), (Language::En, "WARNING")] {
            let (well, badly) = (good.write(form, language).unwrap(), bad.write(form, language).unwrap());
            assert_ne!(well, badly, "{word}");
            if form == Form::Xlsx {
                // It is packed; that its front page differs shows above.
                continue;
            }
            let (well, badly) = (String::from_utf8(well).unwrap(), String::from_utf8(badly).unwrap());
            let warning = if form == Form::Json { "WARNING" } else { warning };
            assert!(badly.contains(warning) && badly.contains(&hex(&other)), "{word}: {badly}");
            assert!(!well.contains(warning), "{word}");
        }
    }
    assert_eq!(good.write(Form::Json, Language::Zh).unwrap(), good.made.bytes);
}

#[test]
fn every_layout_is_written_in_every_form_to_the_same_bytes() {
    for layout in Layout::newest() {
        let made = quiet(layout);
        let checked = Checked { frozen: made.digest, made };
        for (form, word) in Form::ALL {
            for language in [Language::Zh, Language::En] {
                let once = checked.write(form, language).unwrap();
                assert_eq!(once, checked.write(form, language).unwrap(), "{} {word}", layout.id);
            }
        }
    }
}

#[test]
fn whoever_a_layout_names_may_do_what_it_says() {
    for layout in Layout::newest() {
        for (roles, verb) in [(&layout.authors, Verb::ReportSubmit), (&layout.approvers, Verb::ReportApprove)]
        {
            for name in roles {
                let role = Role::named(name).unwrap_or_else(|| panic!("{}: no role {name}", layout.id));
                let may =
                    role.grants().iter().any(|(scope, verbs)| *scope == Scope::Site && verbs.contains(&verb));
                assert!(may, "{}: {name} may not {verb}", layout.id);
            }
        }
    }
}
