# Words of quality and the points ledger that several pages share

# Marking
answer-yes = Yes
answer-no = No
answer-na = Does not apply
answer-none = Not answered
not-asked = Not asked
worth-none = not scored
worth-points = { $n } { $n ->
    [one] point
   *[other] points
}
worth-deduct = −{ $n } if lost
worth-bonus = +{ $n } if earned
earned-of = { $earned } / { $most }
points-off = −{ $n }
points-on = +{ $n }
points-range = −{ $from } to −{ $to }
fatal-question = Fatal: this question
fatal-section = Fatal: this section
fatal-form = Fatal: the whole form
failed-section = Section failed
failed-form = Fatal error, the whole form failed
critical-customer = Customer critical
critical-business = Business critical
critical-compliance = Compliance critical
was-suggested = suggestion taken
not-agreed = not agreed
version-submitted = As submitted
version-changed = After review
go-to-moment = Go to { $moment }
only-newest = Only the newest { $n } are shown; narrow the choice for older ones.

# How far an evaluation is
step-drafted = Being marked
step-discarded = Discarded
step-submitted = Submitted
step-published = Published
step-acknowledged = Acknowledged
step-appealed = Under appeal
step-reviewed = Reviewed
step-closed = Closed
outcome-upheld = Upheld
outcome-changed = Changed
outcome-void = Void

# The points ledger
entry-standing-proposed = Proposed
entry-standing-confirmed = Confirmed
entry-standing-dismissed = Dismissed
entry-standing-appealed = Under appeal
entry-standing-upheld = Upheld
entry-standing-struck = Struck
entry-standing-revoked = Revoked
entry-span = { $from } to { $until }
measured-of = { $measured } measured, { $allowed } allowed
evidence = Evidence
evidence-none = No events are recorded for it.
event-number = No. { $seq }
event-not-seen = not to be seen

# Why not
refused-quality-forbidden = You may not do this.
refused-quality-no-network = The server cannot be reached.
refused-quality-busy = The server is busy; please try again shortly.
refused-quality-answers = Some questions have no answer, or lack a note.
refused-quality-wrong-step = The evaluation is no longer at this step; please look again.
refused-quality-wrong-standing = Somebody has dealt with this line; please look again.
refused-quality-not-your-evaluation = This is not your evaluation.
refused-quality-not-about-you = This evaluation is not about you.
refused-quality-not-your-entry = This line is not about you.
refused-quality-own-evaluation = Whoever marked it does not review it.
refused-quality-own-proposal = Whoever proposed it does not confirm it.
refused-quality-own-confirmation = Whoever confirmed it does not decide the appeal.
refused-quality-not-for-agents = Calibration and second looks are not published to agents.
refused-quality-too-late = The time for this is over.
refused-quality-nothing-changed = No answer is different; choose “upheld”.
refused-quality-month-forgotten = The ledger of that month is closed.
refused-quality-points-not-allowed = The points are outside what the rule allows.
refused-quality-not-picked = This contact is in no sample.
refused-quality-picked-before = This contact was drawn before.
refused-quality-is-mystery = This was a mystery caller.
refused-quality-not-mystery = This contact is not marked as a mystery contact: mark it first, so that it leaves the figures.
refused-quality-round-closed = The round is closed.
refused-quality-not-in-round = You are not in this round.
refused-quality-unknown-evaluation = There is no such evaluation.
refused-quality-unknown-entry = There is no such line.
refused-quality-unknown-contact = There is no such contact.
refused-quality-unknown-agent = There is no such agent.

# Events
event-agent-break-decided = Break decided
event-agent-break-overran = Break overran
event-agent-break-requested = Asked for a break
event-agent-hand-lowered = Hand lowered
event-agent-hand-raised = Hand raised
event-agent-link-closed = Link closed
event-agent-link-opened = Link opened
event-agent-next-state-set = Next state set
event-agent-not-ready = Not ready
event-agent-reachable = Reachable again
event-agent-ready = Ready
event-agent-rested = Spared no more
event-agent-resting = Spared
event-agent-signed-in = Signed in
event-agent-signed-out = Signed out
event-agent-unreachable = Unreachable
event-alert-raised = Alert
event-alert-resolved = Alert over
event-callback-answered = Callback answered
event-callback-dialled = Called back
event-callback-due = Callback due
event-callback-failed = Callback failed
event-callback-offered = Callback offered
event-callback-requested = Callback asked for
event-contact-arrived = Arrived
event-contact-connected = Connected
event-contact-ended = Contact ended
event-contact-held = On hold
event-contact-left = Left the contact
event-contact-muted = Muted
event-contact-queued = Queued
event-contact-reprioritised = Priority changed
event-contact-resumed = Resumed
event-contact-role-changed = Role changed
event-contact-told = Message played
event-contact-transferred = Transferred
event-contact-unmuted = Unmuted
event-message-acknowledged = Message acknowledged
event-offer-accepted = Accepted
event-offer-cancelled = Caller left
event-offer-created = Offered
event-offer-failed = Failed
event-offer-rejected = Declined
event-offer-rescinded = Withdrawn
event-offer-timed-out = Rang out
event-queue-breaks-set = Break quota set
event-queue-closed = Queue closed
event-queue-drained = Queue drained
event-queue-draining = Queue draining
event-queue-opened = Queue opened
event-team-messaged = Message sent
event-visit-ended = Left the queue
event-visit-stepped = Next step
event-wrapup-completed = Wrap-up done
event-wrapup-extended = Wrap-up extended
event-wrapup-started = Wrap-up began
