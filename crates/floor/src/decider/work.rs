//! A decision in progress at a desk, for whichever desk.

/// Makes `Work` and `Verdict` of a desk: the desk, the stamp, who asked, and the events so far, each applied as it is emitted. The desk has
/// the fields `seq` and `site` and a function `absorb`; its verbs are functions of `Work`.
#[macro_export]
macro_rules! work {
    ($desk:ty: $event:ty, $refusal:ty) => {
        /// What a verb answers.
        pub(crate) type Verdict = Result<$crate::Done, $refusal>;

        pub(crate) struct Work<'a> {
            pub(crate) desk: &'a mut $desk,
            pub(crate) stamp: $crate::Stamp,
            pub(crate) actor: $crate::Actor,
            pub(crate) cause: Option<$crate::Cause>,
            pub(crate) reason: Option<$crate::Reason>,
            pub(crate) decided: &'a mut $crate::Decided<$event>,
        }

        impl Work<'_> {
            /// The number that the next event will take.
            pub(crate) fn next_seq(&self) -> u64 {
                self.desk.seq + 1
            }

            /// Says that something happened.
            pub(crate) fn emit(&mut self, event: impl Into<$event>) {
                let recorded = $crate::Recorded {
                    seq: self.next_seq(),
                    at: self.stamp.at,
                    site: self.desk.site,
                    actor: self.actor,
                    reason: self.reason,
                    cause: self.cause.clone(),
                    event: event.into(),
                };
                self.desk.absorb(&recorded);
                self.decided.push(recorded);
            }

            /// The answer to a command that caused what was asked.
            pub(crate) fn done(&self) -> Verdict {
                Ok($crate::Done { seq: self.desk.seq })
            }
        }
    };
}
