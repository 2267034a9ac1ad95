//! The OpenAPI document: complete, and sound in itself.

use crate::house::House;
use cordboard_api::http::{ROUTES, document};
use serde_json::Value;
use std::collections::BTreeSet;

fn document_json() -> Value {
    serde_json::to_value(document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods
            .filter(|(method, _)| ["get", "post", "put", "delete", "patch"].contains(&method.as_str()))
            .map(move |(method, operation)| (method.clone(), path.clone(), operation.clone()))
    });
    each.collect()
}

#[test]
fn every_route_is_in_it_and_nothing_else() {
    let document = document_json();
    let described: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let served: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, served);
}

#[test]
fn it_is_sound() {
    let document = document_json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let here = format!("{method} {path}");
        assert!(!operation["responses"].as_object().unwrap().is_empty(), "{here}");
        assert!(operation["summary"].is_string(), "{here} has no summary");
        assert!(ids.insert(operation["operationId"].to_string()), "{here}: operationId is not its own");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in path.split('{').skip(1).map(|part| part.split('}').next().unwrap()) {
            let is_said = parameters.iter().any(|parameter| {
                parameter["name"] == name && parameter["in"] == "path" && parameter["required"] == true
            });
            assert!(is_said, "{here}: {name} is not described");
        }
        let is_open =
            ["/healthz", "/readyz", "/version", "/metrics", "/api/openapi.json"].contains(&path.as_str());
        let signs_in = here == "post /api/v1/sessions";
        assert_eq!(operation["security"].is_array(), !is_open && !signs_in, "{here}");
    }
    refer(&document, &document);
}

/// Every reference leads somewhere.
fn refer(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').expect("references stay within");
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|field| refer(document, field));
        }
        Value::Array(items) => items.iter().for_each(|item| refer(document, item)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_served() {
    let house = House::open().await;
    assert_eq!(house.stranger().get("/api/openapi.json").await.ok(), document_json());
    house.close().await;
}
