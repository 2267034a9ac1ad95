//! `figures.withdraw`: what was entered is not so, and nothing else is known instead.

use crate::event::FigureWithdrawn;
use crate::id::FigureId;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn withdraw_figure(&mut self, figure: FigureId) -> Verdict {
        self.knows_figure(figure)?;
        self.emit(FigureWithdrawn { figure });
        self.done()
    }
}
