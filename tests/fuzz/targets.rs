//! A libFuzzer target for each parser of `src/parse`, chosen by the variable `PARSER`; `run` builds and starts them.
//! Each holds what it reads to what is always true of it, besides that nothing panics, hangs or takes much memory.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use ouvert::digest::Kind;
use ouvert::error::Error;
use ouvert::parse::checksums::Line;
use ouvert::parse::manifest::{Manifest, start_of};
use ouvert::parse::names::{alike, hub_path, inside, is_hub_id, proper_name, spellings};
use ouvert::parse::yaml::{Node, Value};
use ouvert::signature::{Envelope, IN_TOTO};
use ouvert::parse::{
    bagit, checksums, configuration, croissant, cyclonedx, decode, dvc, eu_index, gguf, hub, lfs, markdown, mot,
    oms, outline, pages, pickle, safetensors, shards, yaml, zip,
};

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let parser = std::env::var("PARSER").unwrap_or_default();
    let target = match parser.as_str() {
        "bagit" => bagit,
        "checksums" => checksums,
        "configuration" => configuration,
        "croissant" => croissant,
        "cyclonedx" => cyclonedx,
        "dvc" => dvc,
        "eu_index" => eu_index,
        "gguf" => gguf,
        "hub" => hub,
        "lfs" => lfs,
        "manifest" => manifest,
        "markdown" => markdown,
        "mot" => mot,
        "names" => names,
        "oms" => oms,
        "outline" => outline,
        "pages" => pages,
        "pickle" => pickle,
        "safetensors" => safetensors,
        "shards" => shards,
        "yaml" => yaml,
        "zip" => zip,
        _ => panic!("no target for a parser {parser:?}"),
    };
    target as fn(&[u8])
});

/// What may come out of an input: some of its size, and what a small one may ask for.
fn is_in_proportion(out: usize, data: &[u8]) {
    assert!(out <= 16 * data.len() + 500_000, "{} bytes became {out}", data.len());
}

/// The first line, which stands for a file name, and the rest.
fn named(data: &[u8]) -> (String, String) {
    let text = decode(data).0;
    text.split_once('\n').map(|(name, rest)| (name.to_owned(), rest.to_owned())).unwrap_or_default()
}

fn is_line(text: &str, line: usize) {
    assert!((1..=text.split('\n').count()).contains(&line), "line {line}");
}

fn no_path_leads_out(path: &str) {
    if let Some(found) = inside("a/b", path) {
        assert!(!found.split('/').any(|part| ["", ".", ".."].contains(&part)), "{path:?} {found:?}");
    }
}

fn entries_hold(entries: &[Line], text: &str) {
    for Line { line, path, checksum } in entries {
        is_line(text, *line);
        no_path_leads_out(path);
        let digits = match checksum.kind {
            Kind::Md5 => 32,
            Kind::Sha1 | Kind::GitSha1 => 40,
            Kind::Sha256 | Kind::Blake3 => 64,
            Kind::Sha512 => 128,
        };
        assert!(checksum.hex.len() == digits && !checksum.hex.contains(|c: char| !matches!(c, '0'..='9' | 'a'..='f')));
    }
}

fn bagit(data: &[u8]) {
    let (name, text) = named(data);
    let _ = (bagit::is_declaration(&text), bagit::bag_info(&text));
    if let Some((_, entries, odd)) = bagit::manifest(&name, &text) {
        // Here a lone CR ends a line too.
        entries_hold(&entries, &text.replace('\r', "\n"));
        is_in_proportion(entries.iter().map(|e| e.path.len()).sum::<usize>() + odd.len(), data);
    }
}

fn checksums(data: &[u8]) {
    let (name, text) = named(data);
    for list in checksums::list_of(&name).into_iter().chain([checksums::List::Many(None)]) {
        let (entries, odd) = checksums::read(&text, &list);
        entries_hold(&entries, &text);
        odd.iter().for_each(|line| is_line(&text, *line));
        assert!(entries.windows(2).all(|pair| pair[0].line < pair[1].line));
        assert!(entries.iter().all(|entry| !odd.contains(&entry.line)));
    }
}

fn configuration(data: &[u8]) {
    let (path, text) = named(data);
    let _ = configuration::is_pinned(&path, &text);
    let pairs = configuration::flat(&path, &text);
    assert!(pairs.len() <= 2000);
    for (key, _, line) in pairs {
        is_line(&text, line);
        let _ = configuration::parameter(&key);
    }
}

fn croissant(data: &[u8]) {
    if let Ok(record) = croissant::read(&decode(data).0) {
        let texts = record.licenses.iter().chain(&record.usage).map(String::len).sum::<usize>();
        let files = record.files.iter().map(|f| f.name.len() + f.content_url.len()).sum::<usize>();
        is_in_proportion(texts + files, data);
        record.entries().iter().for_each(|entry| no_path_leads_out(&entry.path));
    }
}

fn cyclonedx(data: &[u8]) {
    if let Ok(bom) = cyclonedx::read(&decode(data).0) {
        let Some(model) = &bom.model else { return };
        let sets: usize = model.datasets.iter().map(|d| d.name.len() + d.licenses.len()).sum();
        is_in_proportion(sets + model.texts.iter().map(String::len).sum::<usize>(), data);
    }
}

fn dvc(data: &[u8]) {
    let text = decode(data).0;
    let (entries, passed) = dvc::read(&text);
    entries_hold(&entries, &text);
    assert!(passed.iter().all(|why| why.len() < 10_000));
}

fn gguf(data: &[u8]) {
    if let Ok(header) = gguf::read(&mut &*data, data.len() as u64) {
        assert!(header.tensors <= data.len() as u64 && (1..=3).contains(&header.version));
        assert!(header.metadata.keys().all(|key| key.starts_with("general.")));
        is_in_proportion(header.metadata.iter().map(|(key, value)| key.len() + value.len()).sum(), data);
    }
}

fn pickle(data: &[u8]) {
    let mut budget = pickle::Budget { opcodes: 1_000_000, inflated: 1_000_000 };
    if let pickle::Kind::Pickle(found) = pickle::read(&mut std::io::Cursor::new(data), data.len() as u64, &mut budget) {
        assert!(found.imports.len() <= 5_000 && found.unread.len() <= 20);
        assert!(found.imports.iter().all(|import| import.contains('.') && import.len() < 1_200));
    }
}

fn zip(data: &[u8]) {
    let mut file = std::io::Cursor::new(data);
    let Ok(directory) = zip::directory(&mut file, data.len() as u64) else { return };
    // An entry of the directory takes 46 bytes.
    assert!(directory.members.len() <= data.len() / 46);
    directory.members.iter().for_each(|m| drop(zip::start(&mut file, m)));
}

fn hub(data: &[u8]) {
    let text = decode(data).0;
    if let Some((commit, checksum)) = hub::metadata(&text) {
        assert!(hub::is_commit(&commit) && hub::etag(&checksum.hex) == Some(checksum));
    }
    if let Ok(tree) = hub::tree(&text) {
        tree.keys().for_each(|path| no_path_leads_out(path));
    }
    for entry in hub::info(data).ok().and_then(|info| info.files).into_iter().chain(hub::page(data)).flatten() {
        no_path_leads_out(&entry.path);
    }
    assert!(hub::refs(data).iter().map(String::len).sum::<usize>() <= data.len());
    assert!(hub::next_page(&text).is_none_or(|url| text.contains(url)));
}

fn lfs(data: &[u8]) {
    let text = decode(data).0;
    let _ = lfs::is_pointer(data);
    if let Some(pointer) = lfs::read(&text) {
        assert_eq!(lfs::read(&format!("oid sha256:{}\nsize {}\n", pointer.oid, pointer.bytes)), Some(pointer));
    }
}

fn manifest(data: &[u8]) {
    let text = decode(data).0;
    match Manifest::read(Path::new("ouvert.toml"), &text) {
        Ok(manifest) => {
            for artifact in &manifest.artifact {
                assert!(start_of(&text, &artifact.path.span(), artifact.path.get_ref()) < text.len());
                no_path_leads_out(artifact.path.get_ref());
            }
            for (target, span) in manifest.dataset.iter().filter_map(|set| set.target()) {
                assert!(start_of(&text, &span, &target) < text.len());
            }
        }
        Err(Error::Malformed { line, message, .. }) => {
            line.iter().for_each(|line| is_line(&text, *line));
            assert!(message.en.len() < 10_000, "{message:?}");
        }
        Err(other) => panic!("{other}"),
    }
}

fn markdown(data: &[u8]) {
    let text = decode(data).0;
    let doc = markdown::read(&text, 0);
    let links = doc.blocks.iter().flat_map(|b| &b.links);
    let cells = doc.tables.iter().flat_map(|t| t.head.iter().chain(t.rows.iter().flat_map(|(_, row)| row)));
    let link = |l: &markdown::Link| l.url.len() + l.text.len();
    let texts: usize =
        doc.blocks.iter().map(|b| b.text.len() + b.spans.iter().map(|(span, _)| span.len()).sum::<usize>()).sum();
    let tables: usize = cells.map(|c| c.text.len() + c.links.iter().map(link).sum::<usize>()).sum();
    is_in_proportion(texts + tables + links.clone().map(link).sum::<usize>(), data);
    doc.blocks.iter().map(|b| b.line).chain(links.map(|l| l.line)).for_each(|line| is_line(&text, line));
    doc.tables.iter().flat_map(|t| &t.rows).for_each(|(line, _)| is_line(&text, *line));
    let above = doc.blocks.iter().map(|b| &b.section).chain(doc.tables.iter().map(|t| &t.section));
    assert!(above.into_iter().all(|section| section.len() <= 6));
}

fn mot(data: &[u8]) {
    let text = decode(data).0;
    match mot::read(Path::new("r.yml"), &text) {
        Ok(record) => {
            let spots = record.fields.iter().map(|(_, spot)| spot).chain(&record.odd);
            spots.for_each(|spot| is_line(&text, spot.line));
            record.components.iter().for_each(|c| is_line(&text, c.line));
            assert!(record.components.len() <= 500 && record.licenses.len() <= 4);
        }
        Err(error) => is_mistake(&error, &text),
    }
}

fn eu_index(data: &[u8]) {
    let text = decode(data).0;
    match eu_index::read(Path::new("r.yaml"), &text) {
        Ok(system) => assert!(eu_index::PARAMETERS.iter().all(|id| system.parameter(id).is_some())),
        Err(error) => is_mistake(&error, &text),
    }
}

/// An error of a record names a line of it, in few words.
fn is_mistake(error: &Error, text: &str) {
    let Error::Malformed { line: Some(line), message, .. } = error else { panic!("{error}") };
    is_line(text, *line);
    assert!(message.en.len() < 10_000, "{message:?}");
}

fn outline(data: &[u8]) {
    let text = decode(data).0;
    for form in [outline::Form::Markdown, outline::Form::Plain, outline::Form::Html] {
        let entries = outline::read(form, &text, 0);
        let size = |part: &outline::Part| match part {
            outline::Part::Heading(level, words) => {
                assert!((1..=6).contains(level), "{level}");
                words.len()
            }
            outline::Part::Row { cells, .. } => cells.iter().map(String::len).sum(),
            outline::Part::Item(words) | outline::Part::Text(words) => words.len(),
        };
        is_in_proportion(entries.iter().map(|e| size(&e.part)).sum(), data);
        entries.iter().for_each(|e| is_line(&text, e.line));
    }
}

fn pages(data: &[u8]) {
    let text = decode(data).0;
    let _ = pages::page(&text);
    if pages::is_address(&text) {
        assert!(!text.contains(char::is_whitespace), "{text:?}");
    }
}

fn names(data: &[u8]) {
    let (a, b) = named(data);
    no_path_leads_out(&a);
    let _ = (hub_path(&a), proper_name(&a));
    if is_hub_id(&a) {
        assert_eq!(hub_path(&format!("https://huggingface.co/{a}")), Some(a.as_str()));
        assert_eq!(inside("", &a).as_ref(), Some(&a));
    }
    for x in &spellings(&a) {
        for y in &spellings(&b) {
            assert_eq!(alike(x, y), alike(y, x), "{x:?} {y:?}");
        }
    }
}

fn safetensors(data: &[u8]) {
    let mut seen = 0;
    if let Ok(header) = safetensors::read(&mut &*data, data.len() as u64, &mut |_| seen += 1) {
        assert!(header.tensors == seen && seen < data.len() && header.data_bytes < data.len() as u64);
        is_in_proportion(header.metadata.iter().map(|(key, value)| key.len() + value.len()).sum(), data);
    }
}

fn shards(data: &[u8]) {
    if let Ok(index) = shards::read(&decode(data).0) {
        let names = index.shards.iter().map(|(shard, all)| shard.len() + all.iter().map(String::len).sum::<usize>());
        is_in_proportion(names.sum(), data);
    }
}

fn yaml(data: &[u8]) {
    let text = decode(data).0;
    let split = yaml::split(&text);
    assert!(text.ends_with(split.body) && split.front.is_none_or(|front| text.contains(front)));
    let document = yaml::parse(&text);
    document.error.iter().for_each(|(line, _)| is_line(&text, *line));
    let texts = document.root.all_texts();
    assert!(texts.len() <= 50_001 && depth(&document.root) <= 66);
    texts.iter().for_each(|(_, line)| is_line(&text, *line));
}

fn depth(node: &Node) -> usize {
    1 + match &node.value {
        Value::Seq(items) => items.iter().map(depth).max().unwrap_or(0),
        Value::Map(pairs) => pairs.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        Value::Scalar(_) | Value::Null => 0,
    }
}

/// A bundle, or the statement that one would hold: what is listed lies below the model and is listed once.
fn oms(data: &[u8]) {
    let _ = oms::bundle(&decode(data).0);
    let envelope = Envelope { payload_type: IN_TOTO.into(), payload: data.to_vec(), seals: vec![] };
    let Ok(oms::Content::Model(statement)) = oms::statement(&envelope) else { return };
    is_in_proportion(statement.resources.len(), data);
    let mut seen = std::collections::BTreeSet::new();
    for resource in &statement.resources {
        assert_eq!(inside("", &resource.path).as_deref(), Some(resource.path.as_str()));
        assert!(seen.insert((&resource.path, resource.piece)), "{} twice", resource.path);
        let _ = statement.leaves_out(&resource.path);
    }
}
