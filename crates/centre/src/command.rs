//! What can be asked of the centre: whatever can be asked of one of its desks.

use cordboard_floor::Command as FloorCommand;
use cordboard_quality::Command as QualityCommand;
use cordboard_workforce::Command as WorkforceCommand;

/// A wish, and whose it is to decide.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The floor's.
    Floor(FloorCommand),
    /// The quality desk's.
    Quality(QualityCommand),
    /// The workforce desk's.
    Workforce(WorkforceCommand),
}

impl From<FloorCommand> for Command {
    fn from(command: FloorCommand) -> Self {
        Self::Floor(command)
    }
}

impl From<QualityCommand> for Command {
    fn from(command: QualityCommand) -> Self {
        Self::Quality(command)
    }
}

impl From<WorkforceCommand> for Command {
    fn from(command: WorkforceCommand) -> Self {
        Self::Workforce(command)
    }
}
