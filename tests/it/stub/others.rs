//! Registers of datasets and papers, and pages of the rest of the web.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::State;
use super::files::{git, json};
use super::http::{Reply, Request};

/// A record of Zenodo. The id of all versions leads to the newest.
pub(super) fn zenodo(state: &State, root: &Path, id: &str) -> Reply {
    let folder = root.join("zenodo");
    let record = json(&folder.join(format!("{id}.json")));
    if record.is_object() {
        return Reply::json(200, &record);
    }
    let names = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|e| e.path());
    let versions = names.filter(|path| json(path)["conceptrecid"].as_str() == Some(id));
    let newest = versions.filter_map(|path| path.file_stem()?.to_str()?.parse::<u64>().ok()).max();
    match newest {
        Some(newest) => Reply::to(302, &format!("{}/zenodo-api/records/{newest}", state.url)),
        None => Reply::json(404, &json!({ "status": 404, "message": "The persistent identifier does not exist." })),
    }
}

/// What DataCite knows of a DOI, which is the same in capitals.
pub(super) fn datacite(root: &Path, doi: &str) -> Reply {
    let record = json(&root.join("datacite").join(format!("{}.json", doi.to_lowercase().replace('/', "_"))));
    let kind = "application/vnd.api+json; charset=utf-8";
    if record.is_object() {
        return Reply::new(200).body(kind, record.to_string());
    }
    let errors = json!([{ "status": "404", "title": "The resource you are looking for doesn't exist." }]);
    Reply::new(404).body(kind, json!({ "errors": errors }).to_string())
}

/// A page of another site.
pub(super) fn web(root: &Path, request: &Request, host: &str, path: &[&str]) -> Reply {
    let mut file = root.join("web").join(host).join(path.join("/"));
    if file.is_dir() {
        file.push("index.html");
    }
    let Ok(bytes) = fs::read(&file) else {
        return Reply::new(404).body("text/html; charset=utf-8", "<!doctype html>\n<title>Not found</title>\n");
    };
    let kind = match file.extension().and_then(|e| e.to_str()) {
        Some("html" | "htm") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let tag = git("blob", &bytes);
    Reply::content(request, kind, bytes, &tag)
}
