//! The KPI catalogue, asked of the door.

use crate::house::House;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_read_by_whoever_is_signed_in() {
    let house = House::open().await;
    let agent = house.as_account("1001");
    let list = agent.get("/api/v1/kpis").await.ok();
    let kpis = list["kpis"].as_array().unwrap();
    let sl = kpis.iter().find(|kpi| kpi["id"] == "sl.genesys").unwrap();
    assert_eq!(sl["switches"]["short_abandons"], "excluded");
    assert_eq!(sl["adjustments"][0]["when"], json!({"flow_out": "counted"}));
    // Whatever a figure is made of is told in the same answer.
    let measures = list["measures"].as_array().unwrap();
    for kpi in kpis {
        for measure in kpi["measures"].as_array().unwrap() {
            assert!(measures.iter().any(|told| told["measure"] == *measure), "{measure}");
        }
    }
    let one = agent.get("/api/v1/kpis/sl.genesys").await.ok();
    assert_eq!(one["kpi"], *sl);
    let short = one["measures"].as_array().unwrap().iter().find(|told| told["measure"] == "short_abandoned");
    assert_eq!(short.unwrap()["events"], json!(["contact.queued", "visit.ended"]));
    assert_eq!(agent.get("/api/v1/kpis/sl.genesys@1").await.ok(), one);
    let unknown = agent.get("/api/v1/kpis/sl.genesis").await;
    let problem = unknown.json();
    assert_eq!((unknown.status.as_u16(), &problem["code"]), (404, &json!("unknown_kpi")));
    assert_eq!(problem["did_you_mean"], "sl.genesys");
    assert_eq!(house.stranger().get("/api/v1/kpis").await.status.as_u16(), 401);
    house.close().await;
}
