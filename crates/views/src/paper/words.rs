//! What columns are called where people read them.

use crate::kpi::{Bilingual, Catalogue, Measure};

/// Figures by their names in the catalogue, measures by what they count, percentiles by of what they are.
pub(super) fn column(name: &str) -> Bilingual {
    if let Ok(entry) = Catalogue::shipped().find(name) {
        return entry.name().clone();
    }
    if let Ok(measure) = name.parse::<Measure>() {
        let zh = measure.counts_zh().split(['。', '（']).next().unwrap_or(name);
        let en = name.trim_end_matches("_ms").replace('_', " ");
        return Bilingual { zh: zh.to_owned(), en };
    }
    let en = name.trim_end_matches("_ms").replace('_', " ");
    let zh = en
        .replace("wait answered", "接起等待")
        .replace("wait abandoned", "放弃等待")
        .replace("talk", "通话")
        .replace("wrapup", "话后")
        .replace("max", "最长")
        .replace(" p", " P");
    Bilingual { zh, en }
}
