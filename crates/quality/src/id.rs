//! The names of this desk's things, in the floor's two families: short codes that people chose, and numbers of the
//! events that made the thing. A code's letters are the floor's (1 to 31 of `A-Z a-z 0-9 - _ . @ + :`).

use cordboard_floor::{codes, numbers};

codes! {
    /// 评分表: a scorecard, of which there are versions.
    FormId,
    /// A section of a form.
    SectionId,
    /// A question of a form.
    QuestionId,
    /// An answer to choose; `yes`, `no` and `na` are everywhere the same.
    ChoiceId,
    /// A band of marks: `excellent`, `pass`, …
    BandId,
    /// A fact of the engine that may suggest an answer.
    FactId,
    /// 岗位: a post with a table of its own.
    PostId,
    /// 检查表: a checklist, of which there are versions.
    ChecklistId,
    /// An item of one.
    ItemId,
    /// A line of an assessment table.
    LineId,
}

numbers! {
    /// 质检评价: the sequence number of its `evaluation.drafted`.
    EvaluationId "e",
    /// 扣分: an entry of the points ledger, the sequence number of its `deduction.proposed`.
    EntryId "d",
    /// 免责: the sequence number of its `excuse.granted`.
    ExcuseId "x",
    /// 抽样: a draw, the sequence number of its `sample.drawn`.
    SampleId "s",
    /// 校准: a calibration round, the sequence number of its `calibration.opened`. `r` is a report of the floor.
    RoundId "cr",
    /// 检查记录: what a round found, the sequence number of its `checklist.recorded`.
    RecordId "cl",
    /// 月度考核: a month that was submitted, the sequence number of its `assessment.submitted`. `m` is a message of the floor.
    AssessmentId "ma",
    /// 待岗培训: a talk about retraining, the sequence number of its `retraining.proposed`.
    RetrainingId "rt",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_as_they_are_written() {
        assert_eq!("e-7".parse(), Ok(EvaluationId(7)));
        assert_eq!(EntryId(12).to_string(), "d-12");
        for wrong in ["e-07", "e-", "7", "d-7", "e-+7"] {
            assert_eq!(wrong.parse::<EvaluationId>(), Err(()), "{wrong}");
        }
        assert!("评分".parse::<FormId>().is_err());
        assert_eq!("script-20".parse::<FormId>().unwrap(), FormId::fixed("script-20"));
    }
}
