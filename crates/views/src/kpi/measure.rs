//! Everything that is counted or summed and that a formula may use: one table. A measure is a whole number that
//! adds up over intervals; nothing here is a rate, a mean or a share. How it is taken from the log is the tables'
//! business; here stands what it means, in what unit, and by which events.

use super::KpiError;
use super::error::like;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// What one unit of a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureUnit {
    /// Things counted: visits, offers, heads, papers.
    Count,
    /// Milliseconds.
    Ms,
    /// Points of a scale, as many as were given.
    Points,
    /// Hundredths of the currency.
    Cents,
    /// Letters.
    Chars,
    /// Thousandths of a cycle time.
    Millicycles,
}

/// What is counted once. Measures of two bases in one formula are a statement that both are the same things;
/// the catalogue says where it makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// One stay of a contact in a queue.
    Visit,
    /// A contact, from its arrival to its one end.
    Contact,
    /// One attempt to give a contact to an agent.
    Offer,
    /// One agent's part of a contact as its owner, with the work after it.
    Handling,
    /// The time of agents, by state.
    AgentTime,
    /// A promise to call back, and what is dialled.
    Callback,
    /// A figure that people entered.
    Entered,
}

/// The event by which people enter a figure.
const ENTERED: &[&str] = &["figure.entered", "figure.withdrawn"];

macro_rules! measures {
    ($($base:ident { $($variant:ident $slug:literal $unit:ident [$($event:literal),*] $en:literal $zh:literal;)+ })+) => {
        /// A counted or summed quantity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "what each counts stands beside it, in `counts`, for people and programs alike")]
        pub enum Measure { $($($variant),+),+ }

        impl Measure {
            /// Every measure, in the order of the table.
            pub const ALL: &'static [Self] = &[$($(Self::$variant),+),+];

            /// Its name in formulas, in answers and at the command line.
            pub const fn slug(self) -> &'static str {
                match self { $($(Self::$variant => $slug),+),+ }
            }

            /// In what it is counted.
            pub const fn unit(self) -> MeasureUnit {
                match self { $($(Self::$variant => MeasureUnit::$unit),+),+ }
            }

            /// What is counted once.
            pub const fn base(self) -> Base {
                match self { $($(Self::$variant => Base::$base),+),+ }
            }

            /// The names of the events that it is taken from.
            pub const fn events(self) -> &'static [&'static str] {
                if matches!(self.base(), Base::Entered) {
                    return ENTERED;
                }
                match self { $($(Self::$variant => &[$($event),*]),+),+ }
            }

            /// What it counts, in one sentence.
            pub const fn counts(self) -> &'static str {
                match self { $($(Self::$variant => $en),+),+ }
            }

            /// The same in Chinese.
            pub const fn counts_zh(self) -> &'static str {
                match self { $($(Self::$variant => $zh),+),+ }
            }
        }
    };
}

measures! {
    Visit {
        Offered "offered" Count ["contact.queued"] "Visits that began." "进入队列的次数（每次进入计一次）。";
        Answered "answered" Count ["visit.ended"] "Visits that ended because an agent took the contact." "由座席接起而结束的排队。";
        Abandoned "abandoned" Count ["visit.ended"] "Visits that ended because the caller left." "来电者放弃而结束的排队。";
        Overflowed "overflowed" Count ["visit.ended"] "Visits that ended by going on to another queue." "溢出到其他队列的排队。";
        TimedOut "timed_out" Count ["visit.ended"] "Visits that ended because they had lasted as long as the queue allows." "超过队列最长等待而结束的排队。";
        TransferredWaiting "transferred_waiting" Count ["visit.ended"] "Visits that ended by being given on while they waited." "等待中被转走的排队。";
        Withdrawn "withdrawn" Count ["visit.ended"] "Visits that ended because the queue was closed or the contact taken out." "因队列关闭或被取出而结束的排队。";
        Waiting "waiting" Count ["contact.queued", "visit.ended"] "Visits of the range that have not ended yet, as far as the log goes." "统计期内进入、至今尚未结束的排队。";
        AnsweredWithin "answered_within" Count ["contact.queued", "visit.ended"] "Answered visits that waited no longer than the threshold." "在阈值时间内接起的排队。";
        AbandonedWithin "abandoned_within" Count ["contact.queued", "visit.ended"] "Abandoned visits that waited no longer than the threshold." "在阈值时间内放弃的排队。";
        ShortAbandoned "short_abandoned" Count ["contact.queued", "visit.ended"] "Abandoned visits that waited no longer than the short threshold: hardly anybody could have been served." "在短放弃阈值内放弃的排队。";
        WaitAnsweredMs "wait_answered_ms" Ms ["visit.ended"] "What answered visits waited, ringing included." "已接起排队的等待时长（含振铃）。";
        WaitAbandonedMs "wait_abandoned_ms" Ms ["visit.ended"] "What abandoned visits waited." "已放弃排队的等待时长。";
        WaitMs "wait_ms" Ms ["visit.ended"] "What all ended visits waited, however they ended." "所有已结束排队的等待时长。";
        InQueue "in_queue" Count ["contact.queued", "visit.ended"] "Visits that stand now." "当前正在排队的数量。";
        InQueueOver "in_queue_over" Count ["contact.queued", "visit.ended"] "Visits that stand now and have waited longer than the threshold." "当前等待已超过阈值的排队。";
        Estimates "estimates" Count ["contact.queued", "visit.ended"] "Answered visits of whose wait something had been estimated." "有预计等待时间且已接起的排队。";
        EstimateErrorMs "estimate_error_ms" Ms ["contact.queued", "visit.ended"] "How far the estimates of these were from what was waited, either way." "预计与实际等待之差的绝对值合计。";
        EstimateBiasMs "estimate_bias_ms" Ms ["contact.queued", "visit.ended"] "What these waited beyond their estimates; below zero, they waited less." "实际等待超出预计的合计（可为负）。";
        Overstays "overstays" Count ["queue.drained"] "Closings of the doors after which somebody was still served." "关门后仍有服务的次数（延时服务）。";
    OverstayMs "overstay_ms" Ms ["queue.drained"] "How long a queue's agents stayed on after its doors had closed." "延时服务时长。";
    EstimatesExceeded "estimates_exceeded" Count ["contact.queued", "visit.ended"] "Those of them that waited longer than had been estimated." "实际等待长于预计的排队。";
    }

    Contact {
        ContactsArrived "contacts_arrived" Count ["contact.arrived"] "Contacts that came." "到达的联络。";
        ContactsHandled "contacts_handled" Count ["contact.ended"] "Contacts that ended as handled, self-service included." "以已处理结束的联络（含自助）。";
        ContactsAbandoned "contacts_abandoned" Count ["contact.ended"] "Contacts whose caller gave up, at whatever stage." "来电者放弃的联络（任何阶段）。";
        ContactsAbandonedMenu "contacts_abandoned_menu" Count ["contact.ended"] "Those of them whose caller gave up before any queue." "在进入队列之前放弃的联络。";
        ContactsRefused "contacts_refused" Count ["contact.ended"] "Contacts that could not be taken." "未能受理的联络。";
        ContactsExpired "contacts_expired" Count ["contact.ended"] "Contacts that ended because what they waited for did not come." "等待失效而结束的联络。";
        ContactsLost "contacts_lost" Count ["contact.ended"] "Contacts that we lost." "丢失的联络。";
        SelfServed "self_served" Count ["contact.connected", "contact.ended"] "Contacts that ended as handled and that no agent was ever on." "未经座席即已处理的联络（自助）。";
        ContactsRepeated "contacts_repeated" Count ["contact.arrived", "contact.ended"] "Handled contacts whose caller came again within the repeat window." "已处理、但来电者在重复来电期内再次来电的联络。";
    }

    Offer {
        OffersMade "offers_made" Count ["offer.created"] "Offers that were made." "发起的派送。";
        OffersAccepted "offers_accepted" Count ["offer.accepted"] "Offers that the agent took." "座席接受的派送。";
        OffersRejected "offers_rejected" Count ["offer.rejected"] "Offers that the agent declined." "座席拒绝的派送。";
        OffersTimedOut "offers_timed_out" Count ["offer.timed_out"] "Offers that rang out (RONA)." "振铃超时未接的派送。";
        OffersRescinded "offers_rescinded" Count ["offer.rescinded"] "Offers that the centre took back." "系统收回的派送。";
        OffersCancelled "offers_cancelled" Count ["offer.cancelled"] "Offers during which the caller left." "振铃中来电者挂断的派送。";
        OffersFailed "offers_failed" Count ["offer.failed"] "Offers that failed by device or network." "因设备或网络失败的派送。";
        RingAcceptedMs "ring_accepted_ms" Ms ["offer.created", "offer.accepted"] "How long accepted offers rang." "被接受派送的振铃时长。";
        RingMs "ring_ms" Ms ["offer.created", "offer.accepted", "offer.rejected", "offer.timed_out", "offer.rescinded", "offer.cancelled", "offer.failed"] "How long offers rang, however they ended." "全部派送的振铃时长。";
    }

    Handling {
        Handled "handled" Count ["contact.connected", "contact.role_changed", "contact.left", "contact.ended"] "Agents' parts of contacts as owner that ended; whoever is dialled and not reached is none." "座席作为负责人结束的通话段（外呼未接通不计）。";
        TalkMs "talk_ms" Ms ["contact.connected", "contact.role_changed", "contact.left", "contact.ended", "callback.answered"] "How long owners talked, holds left out." "通话时长（不含保持）。";
        HoldMs "hold_ms" Ms ["contact.held", "contact.resumed", "contact.left", "contact.ended"] "How long callers were held." "保持时长。";
        Holds "holds" Count ["contact.held"] "Holds." "保持次数。";
        Wrapups "wrapups" Count ["wrapup.completed"] "Wrap-ups that were completed." "完成的话后整理。";
        WrapupMs "wrapup_ms" Ms ["wrapup.started", "wrapup.completed"] "How long completed wrap-ups took." "话后整理时长。";
        WrapupsByDefault "wrapups_by_default" Count ["wrapup.completed"] "Wrap-ups whose code the timer wrote." "由系统超时写入默认代码的话后整理。";
        TransfersBlind "transfers_blind" Count ["contact.transferred"] "Contacts that an owner gave on unannounced." "盲转。";
        TransfersAttended "transfers_attended" Count ["contact.transferred"] "Contacts that an owner gave on after a word with who takes it." "咨询后转接。";
        TransfersFailed "transfers_failed" Count ["offer.created", "offer.rejected", "offer.timed_out", "offer.cancelled", "offer.failed", "offer.rescinded"] "Transfers straight to an agent that she did not take." "直接转给座席而未被接起的转接。";
        EndedByAgent "ended_by_agent" Count ["contact.ended"] "Contacts that their owner ended." "由座席先挂断的联络。";
        Consults "consults" Count ["contact.connected"] "Agents who were asked for advice and came." "被咨询并接通的次数。";
    }

    Callback {
        CallbacksOffered "callbacks_offered" Count ["callback.offered"] "Callers who were offered to be called back." "向来电者提供回呼的次数。";
        CallbacksRequested "callbacks_requested" Count ["callback.requested"] "Callers who asked to be called back." "来电者要求回呼的次数。";
        Dialled "dialled" Count ["callback.dialled"] "Attempts to reach somebody." "外呼尝试次数。";
        Reached "reached" Count ["callback.answered"] "Attempts that reached her." "外呼接通次数。";
        OutboundHandleMs "outbound_handle_ms" Ms ["callback.dialled", "callback.answered", "contact.ended", "wrapup.completed"] "How long agents were on what they dialled: dialling, talk, hold and wrap-up." "外呼处理时长：拨号、通话、保持与话后。";
        Successes "successes" Count ["wrapup.completed"] "Wrap-ups with a code that the site lists as a success." "以成功代码完成的话后整理。";
    }

    AgentTime {
        SignedInMs "signed_in_ms" Ms ["agent.signed_in", "agent.signed_out"] "How long agents were signed in." "签入时长。";
        IdleMs "idle_ms" Ms ["agent.ready", "agent.not_ready", "offer.created", "contact.connected", "wrapup.completed"] "Ready with nothing in hand." "就绪且空闲的时长。";
        ReservedMs "reserved_ms" Ms ["offer.created", "offer.accepted", "offer.rejected", "offer.timed_out", "offer.rescinded", "offer.cancelled", "offer.failed", "callback.dialled", "callback.answered", "callback.failed"] "Reserved for a contact that rings at her, or that she has dialled." "被预占（振铃或拨号）的时长。";
        TalkingMs "talking_ms" Ms ["contact.connected", "contact.left", "contact.ended"] "Talking." "通话中的时长。";
        HoldingMs "holding_ms" Ms ["contact.held", "contact.resumed"] "Holding a caller." "保持中的时长。";
        WrappingMs "wrapping_ms" Ms ["wrapup.started", "wrapup.completed"] "In wrap-up." "话后整理中的时长。";
        NotReadyMs "not_ready_ms" Ms ["agent.not_ready", "agent.ready", "agent.signed_out"] "Not ready with nothing in hand, breaks included." "示忙时长（含小休）。";
        BreakMs "break_ms" Ms ["agent.not_ready", "agent.ready", "agent.signed_out"] "That part of it which was a break." "小休时长。";
        UnreachableMs "unreachable_ms" Ms ["agent.unreachable", "agent.reachable", "agent.signed_out"] "Signed in while her link was gone and nothing was in hand." "签入但失联的时长。";
        Breaks "breaks" Count ["agent.not_ready"] "Breaks that began." "小休次数。";
        BreaksOverrun "breaks_overrun" Count ["agent.break_overran"] "Breaks that outlasted their allowance." "超时的小休次数。";
        BreakOverrunMs "break_overrun_ms" Ms ["agent.break_overran", "agent.ready", "agent.not_ready", "agent.signed_out"] "By how much they did." "小休超时时长。";
        NotReadies "not_readies" Count ["agent.not_ready", "agent.signed_in"] "Times that an agent was not ready for a reason." "示忙次数。";
    NotReadyLastedMs "not_ready_lasted_ms" Ms ["agent.not_ready", "agent.signed_in", "agent.ready", "agent.signed_out"] "How long these lasted, with whatever was in hand meanwhile." "示忙持续时长（含期间处理联络）。";
    BreakLastedMs "break_lasted_ms" Ms ["agent.not_ready", "agent.ready", "agent.signed_out"] "How long those of them lasted that were breaks." "小休持续时长。";
    BreaksAsked "breaks_asked" Count ["agent.break_requested"] "Breaks that were asked for." "申请的小休。";
    BreaksGranted "breaks_granted" Count ["agent.break_requested", "agent.break_decided", "agent.not_ready"] "Those of them that were granted." "获批的小休。";
    BreaksRefused "breaks_refused" Count ["agent.break_requested", "agent.break_decided"] "Those of them that were refused, or taken back." "被拒绝或撤回的小休。";
    BreakAskedMs "break_asked_ms" Ms ["agent.break_requested", "agent.break_decided", "agent.not_ready", "agent.signed_out"] "How long agents waited for the answer." "小休申请等待时长。";
    SignIns "sign_ins" Count ["agent.signed_in"] "Times an agent signed in." "签入次数。";
        AgentDays "agent_days" Count ["agent.signed_in", "agent.signed_out"] "Agents with any signed-in time, for each civil day." "有签入的人日数。";
        AgentsSeen "agents_seen" Count ["agent.signed_in", "agent.signed_out"] "Agents with any signed-in time in the range." "统计期内有签入的座席数。";
    }

    Entered {
        SurveyInvitations "survey_invitations" Count [] "Customers who were asked for their opinion." "发出的满意度邀请。";
        SurveyAnswers "survey_answers" Count [] "Customers who answered." "参与评价的顾客。";
        SurveyPositive "survey_positive" Count [] "Answers that were positive." "满意的评价。";
        SurveyNegative "survey_negative" Count [] "Answers that were negative." "不满意的评价。";
        SurveyPoints "survey_points" Points [] "Points of all answers together." "评价得分合计。";
        SurveyResolutionAnswers "survey_resolution_answers" Count [] "Customers who said whether it was settled." "回答是否解决的顾客。";
        SurveyResolved "survey_resolved" Count [] "Those of them who said that it was, at the first contact." "回答首次即已解决的顾客。";
        FlaggedContacts "flagged_contacts" Count [] "Contacts that an agent marked as settled or not." "座席标记是否解决的联络。";
        FlaggedResolved "flagged_resolved" Count [] "Those of them marked as settled at the first contact." "座席标记首次即已解决的联络。";
        ClientSurveyAnswers "client_survey_answers" Count [] "Answers of clients who buy the programme." "委托方（客户）的评价数。";
        ClientSurveyPositive "client_survey_positive" Count [] "Those of them that were positive." "委托方（客户）满意的评价数。";
        ClientSurveyPoints "client_survey_points" Points [] "Points of all clients' answers together." "委托方（客户）评价得分合计。";
        Monitored "monitored" Count [] "Contacts that were monitored." "监听的联络数。";
        MonitoredQualified "monitored_qualified" Count [] "Those of them that reached the pass score." "监听合格的联络数。";
        AgentsMonitored "agents_monitored" Count [] "Agents who were monitored." "被监听的座席数。";
        AgentsQualified "agents_qualified" Count [] "Those of them whose score reached the pass score." "监听成绩合格的座席数。";
        EndUserCriticalFree "end_user_critical_free" Count [] "Monitored contacts without an error that is critical for the end user." "无最终用户致命错误的监听。";
        BusinessCriticalFree "business_critical_free" Count [] "Monitored contacts without an error that is critical for the business." "无业务致命错误的监听。";
        ComplianceCriticalFree "compliance_critical_free" Count [] "Monitored contacts without an error that is critical for compliance." "无合规致命错误的监听。";
        NoncriticalErrors "noncritical_errors" Count [] "Errors that are not critical." "非致命错误数。";
        NoncriticalOpportunities "noncritical_opportunities" Count [] "Scored items at which such an error could have been made." "非致命错误机会数。";
        CostCents "cost_cents" Cents [] "What the centre cost." "运营总成本（分）。";
        TypingChars "typing_chars" Chars [] "Han characters typed correctly in tests." "录入测试中正确录入的汉字。";
        TypingMs "typing_ms" Ms [] "How long these tests took." "录入测试用时。";
        ExamPoints "exam_points" Points [] "Points of all graded papers together." "考核得分合计。";
        ExamPapers "exam_papers" Count [] "Papers that were graded." "已评分试卷数。";
        Complaints "complaints" Count [] "Complaints about the service." "服务投诉数。";
        ComplaintsAttitudeUpheld "complaints_attitude_upheld" Count [] "Complaints about an agent's attitude that were found to be true." "查实的服务态度投诉数。";
        HeadsPlanned "heads_planned" Count [] "People who were to work, for each shift." "应出勤人数。";
        HeadsWorking "heads_working" Count [] "Those of them who did." "实际出勤人数。";
        PlannedMs "planned_ms" Ms [] "Working time that was planned." "计划工作时长。";
        WorkedMs "worked_ms" Ms [] "Working time that was worked." "实际工作时长。";
        ScheduledMs "scheduled_ms" Ms [] "Time for which the roster said what was to be done." "排班时长。";
        NonAdherentMs "non_adherent_ms" Ms [] "That part of it in which something else was done." "未遵守排班的时长。";
        UnavailableMs "unavailable_ms" Ms [] "Paid or scheduled time in which nobody could be served: leave, training, meetings, breaks." "付薪或排班但不可用的时长。";
        Leavers "leavers" Count [] "People who left." "离职人数。";
        LeaversVoluntary "leavers_voluntary" Count [] "Those of them who left by their own will." "主动离职人数。";
        HeadsAtStart "heads_at_start" Count [] "People at the beginning of a period." "期初人数。";
        HeadsAtEnd "heads_at_end" Count [] "People at its end." "期末人数。";
        OutageMs "outage_ms" Ms [] "Time in which the service was down." "服务中断时长。";
        ServiceMs "service_ms" Ms [] "Time in which it was to be up." "应提供服务的时长。";
        BacklogLate "backlog_late" Count [] "Open cases that are late." "超期未结的案件数。";
        BacklogLateMillicycles "backlog_late_millicycles" Millicycles [] "By how many thousandths of their cycle time these are late, together." "超期案件超出周期的千分数合计。";
        ForecastContacts "forecast_contacts" Count [] "Contacts that were forecast." "预测的联络量。";
        ForecastHandleMs "forecast_handle_ms" Ms [] "Handling that was forecast: contacts times handle time." "预测的处理时长。";
        ForecastAhtDueMs "forecast_aht_due_ms" Ms [] "What the contacts that did come would have taken at the handle time forecast for their interval." "按预测平均处理时间计算的实际联络应耗时长。";
        ForecastCameMilli "forecast_came_milli" Count [] "Contacts that came in intervals with a forecast, each caller once, in thousandths." "有预测时段的实际来电者数（去重，千分之一）。";
        ForecastMissedMilli "forecast_missed_milli" Count [] "By how many the forecast of each interval was off, in thousandths." "各时段预测与实际之差的绝对值合计（千分之一）。";
        ForecastNoiseMilli "forecast_noise_milli" Count [] "By how many chance alone would leave whoever knows the whole day, in thousandths." "已知全天总量时随机起伏所致的误差合计（千分之一）。";
        CopcAssessments "copc_assessments" Count [] "Assessments by the seven areas of COPC-2000." "COPC-2000 七领域评估次数。";
        CopcProcessControl "copc_process_control" Points [] "Points for process control, of 100." "流程控制得分（满分 100）。";
        CopcForecasting "copc_forecasting" Points [] "Points for forecasting and scheduling, of 100." "预测与排班得分（满分 100）。";
        CopcMonitoring "copc_monitoring" Points [] "Points for monitoring of the business, of 100." "业务监控得分（满分 100）。";
        CopcService "copc_service" Points [] "Points for service, of 150." "服务绩效得分（满分 150）。";
        CopcQuality "copc_quality" Points [] "Points for quality, of 150." "质量得分（满分 150）。";
        CopcEfficiency "copc_efficiency" Points [] "Points for efficiency, of 150." "效率得分（满分 150）。";
        CopcAttrition "copc_attrition" Points [] "Points for attrition and absence, of 100." "流失与缺勤得分（满分 100）。";
    }
}

impl Measure {
    /// Whether it is taken from what happened on the floor; otherwise people enter it.
    pub const fn is_computed(self) -> bool {
        !matches!(self.base(), Base::Entered)
    }

    /// Those that people enter.
    pub fn entered() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|measure| !measure.is_computed())
    }

    /// Those of one base.
    pub fn of(base: Base) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |measure| measure.base() == base)
    }
}

impl FromStr for Measure {
    type Err = KpiError;

    fn from_str(slug: &str) -> Result<Self, KpiError> {
        let found = Self::ALL.iter().copied().find(|measure| measure.slug() == slug);
        found.ok_or_else(|| KpiError::UnknownMeasure {
            slug: slug.to_owned(),
            like: like(slug, Self::ALL.iter().map(|measure| measure.slug())),
        })
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.slug())
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = String::deserialize(deserializer)?;
        slug.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::{MeasureId, event::EVENTS};
    use std::collections::BTreeSet;

    #[test]
    fn every_measure_names_events_that_exist_and_has_a_name_of_its_own() {
        let mut slugs = BTreeSet::new();
        for measure in Measure::ALL.iter().copied() {
            let slug = measure.slug();
            assert!(slugs.insert(slug), "{slug} is there twice");
            assert!(slug.parse::<MeasureId>().is_ok(), "{slug} does not fit into an event");
            assert_eq!(slug.parse::<Measure>().unwrap(), measure);
            assert!(!measure.events().is_empty(), "{slug}: no events");
            for event in measure.events() {
                assert!(EVENTS.iter().any(|(_, _, name)| name == event), "{slug}: no event {event}");
            }
            assert!(measure.counts().ends_with('.') && measure.counts_zh().ends_with('。'), "{slug}");
            let is_time = slug.ends_with("_ms");
            assert_eq!(is_time, measure.unit() == MeasureUnit::Ms, "{slug}: the unit stands in the name");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_told_what_was_meant() {
        let why = "awnsered".parse::<Measure>().unwrap_err().to_string();
        assert!(why.contains("answered"), "{why}");
    }
}
