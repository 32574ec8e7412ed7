//! What object stores answer: pages of a listing, errors, and the digest that was recorded when an object was put.
//! Formats: S3's ListObjectsV2 and its `x-amz-checksum-*` headers, Azure's List Blobs (both XML), Google's JSON API, 2026.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::Value;

use crate::digest::Digest;

/// Elements inside elements; listings have five.
const DEEPEST: usize = 16;
/// Objects of one page; stores give a thousand, Azure five.
const MOST: usize = 10_000;
/// Bytes of the mark of a page, and of a tag.
const LONGEST_MARK: usize = 8 * 1024;
const LONGEST_TAG: usize = 256;

/// An object as a store lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Its key, as it is.
    pub key: String,
    /// Bytes.
    pub bytes: u64,
    /// What changes with its bytes: an entity tag with its quotes, or the number of a generation.
    pub tag: Option<String>,
}

/// One page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its objects.
    pub objects: Vec<Object>,
    /// Where the next page starts, where there is one.
    pub next: Option<String>,
}

/// What an error says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint {
    /// Its code, such as `NoSuchBucket`: letters and digits alone.
    pub code: String,
    /// The region that the bucket lies in, where it is told.
    pub region: Option<String>,
}

/// A page of ListObjectsV2.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn s3(body: &[u8]) -> Result<Page, String> {
    let mut page = Page::default();
    let mut one = Draft::default();
    let (mut cut, mut next) = (false, String::new());
    leaves(body, "ListBucketResult", &mut |path, text| {
        match path {
            ["Contents", "Key"] => one.key = Some(text),
            ["Contents", "Size"] => one.bytes = Some(text),
            ["Contents", "ETag"] => one.tag = Some(text),
            ["Contents"] => one.end(&mut page)?,
            ["IsTruncated"] => cut = text.trim() == "true",
            ["NextContinuationToken"] => next = text,
            _ => {}
        }
        Ok(())
    })?;
    if cut && next.is_empty() {
        return Err("it breaks off and does not tell where it goes on".into());
    }
    page.next = mark(next)?.filter(|_| cut);
    Ok(page)
}

/// A page of List Blobs. A folder of a store with folders is no object.
///
/// # Errors
/// As [`s3`].
pub fn azure(body: &[u8]) -> Result<Page, String> {
    let mut page = Page::default();
    let mut one = Draft::default();
    let mut folder = false;
    let mut next = String::new();
    leaves(body, "EnumerationResults", &mut |path, text| {
        match path {
            ["Blobs", "Blob", "Name"] => one.key = Some(text),
            ["Blobs", "Blob", "Properties", "Content-Length"] => one.bytes = Some(text),
            ["Blobs", "Blob", "Properties", "Etag"] => one.tag = Some(text),
            ["Blobs", "Blob", "Properties", "ResourceType"] => folder = text.trim() == "directory",
            ["Blobs", "Blob"] if std::mem::take(&mut folder) => one = Draft::default(),
            ["Blobs", "Blob"] => one.end(&mut page)?,
            ["NextMarker"] => next = text,
            _ => {}
        }
        Ok(())
    })?;
    page.next = mark(next)?;
    Ok(page)
}

/// A page of `objects.list`.
///
/// # Errors
/// As [`s3`].
pub fn google(body: &[u8]) -> Result<Page, String> {
    let answer: Value = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    let kind = answer.get("kind").and_then(Value::as_str);
    let items = answer.get("items").map(|items| items.as_array().ok_or("`items` is no list"));
    if kind != Some("storage#objects") {
        return Err("it is no list of objects".into());
    }
    let mut page = Page::default();
    for item in items.transpose()?.into_iter().flatten() {
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut one = Draft { key: text("name"), bytes: text("size"), tag: text("generation") };
        one.end(&mut page)?;
    }
    page.next = mark(answer.get("nextPageToken").and_then(Value::as_str).unwrap_or_default().to_owned())?;
    Ok(page)
}

/// The mark of the next page; none where there is none.
fn mark(text: String) -> Result<Option<String>, String> {
    match text.len() {
        0 => Ok(None),
        n if n > LONGEST_MARK => Err(format!("the mark of its next page has {n} bytes")),
        _ => Ok(Some(text)),
    }
}

/// What an answer that is no success says; nothing where it says nothing that is understood.
pub fn complaint(body: &[u8]) -> Complaint {
    let mut out = Complaint::default();
    // What stands before a fault counts: it only makes a message.
    let _ = leaves(body, "Error", &mut |path, text| {
        match path {
            ["Code"] => out.code = word(&text).unwrap_or_default(),
            ["Region"] => out.region = region(&text),
            _ => {}
        }
        Ok(())
    });
    out
}

/// A code: letters and digits, not many.
pub fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let sound = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    sound.then(|| text.to_owned())
}

/// The name of a region.
pub fn region(text: &str) -> Option<String> {
    let text = text.trim();
    let sound = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (!text.is_empty() && text.len() <= 32 && text.bytes().all(sound)).then(|| text.to_owned())
}

/// The SHA-256 of all bytes of an object as the store recorded it, by its headers; `None` where it recorded none, and where what
/// it recorded is of the digests of parts: such a value is no digest of the file.
pub fn recorded<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<Digest> {
    let value = header("x-amz-checksum-sha256")?.trim();
    let parts = header("x-amz-mp-parts-count").is_some();
    let of_parts = |tag: &str| tag.trim_matches('"').rsplit_once('-').is_some_and(|(_, n)| digits(n));
    let whole = match header("x-amz-checksum-type").map(str::trim) {
        Some(kind) => kind.eq_ignore_ascii_case("FULL_OBJECT"),
        // Stores that tell no type: an entity tag of parts tells that there were some.
        None => !parts && !header("etag").is_some_and(of_parts),
    };
    let bytes = STANDARD.decode(value).ok().filter(|_| whole)?;
    bytes.as_slice().try_into().ok().map(Digest::from_bytes)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// An object whose element is not closed yet.
#[derive(Default)]
struct Draft {
    key: Option<String>,
    bytes: Option<String>,
    tag: Option<String>,
}

impl Draft {
    fn end(&mut self, page: &mut Page) -> Result<(), String> {
        let Draft { key, bytes, tag } = std::mem::take(self);
        let key = key.filter(|key| !key.is_empty()).ok_or("an object has no key")?;
        let bytes = bytes.and_then(|n| n.trim().parse().ok()).ok_or("an object has no size")?;
        let tag = tag.filter(|tag| {
            !tag.is_empty() && tag.len() <= LONGEST_TAG && tag.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        });
        if page.objects.len() == MOST {
            return Err(format!("a page has more than {MOST} objects"));
        }
        page.objects.push(Object { key, bytes, tag });
        Ok(())
    }
}

type Leaf<'a> = &'a mut dyn FnMut(&[&str], String) -> Result<(), String>;

/// Calls for the end of every element below the root, with the names that lead to it and the text in it.
fn leaves(body: &[u8], root: &str, each: Leaf<'_>) -> Result<(), String> {
    let mut reader = Reader::from_reader(body);
    reader.config_mut().expand_empty_elements = true;
    let (mut path, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let wrong = |e: &dyn std::fmt::Display| e.to_string();
    let mut seen = false;
    loop {
        match reader.read_event().map_err(|e| wrong(&e))? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                if path.is_empty() && (seen || name != root) {
                    return Err(format!("it is no {root}"));
                }
                seen = true;
                if path.len() == DEEPEST {
                    return Err("its elements are nested too deep".into());
                }
                path.push(name);
                text.clear();
            }
            Event::End(_) => {
                let names: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
                if !names.is_empty() {
                    each(&names, std::mem::take(&mut text))?;
                }
                path.pop();
            }
            Event::Text(part) => text.push_str(&part.decode().map_err(|e| wrong(&e))?),
            Event::CData(part) => text.push_str(&part.decode().map_err(|e| wrong(&e))?),
            Event::GeneralRef(part) => text.push_str(&referred(&part)),
            Event::DocType(_) => return Err("it declares a type".into()),
            Event::Eof if path.is_empty() && seen => return Ok(()),
            Event::Eof => return Err("it breaks off".into()),
            _ => {}
        }
    }
}

/// What `&…;` stands for. One that stands for no character is none a key may hold, and becomes one that none may.
fn referred(part: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = part.resolve_char_ref() {
        return c.to_string();
    }
    let name = part.decode().unwrap_or_default();
    resolve_predefined_entity(&name).unwrap_or("\0").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, bytes: u64, tag: &str) -> Object {
        Object { key: key.into(), bytes, tag: Some(tag.into()).filter(|tag: &String| !tag.is_empty()) }
    }

    #[test]
    fn a_page_of_s3() {
        let body = b"<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
            <Name>b</Name><IsTruncated>true</IsTruncated><Contents><Key>a &amp; b/&#233;&#x1;</Key>\
            <ETag>&quot;abc-2&quot;</ETag><Size>5</Size><Owner><ID>x</ID></Owner></Contents>\
            <Contents><Key> c </Key><Size>0</Size></Contents><NextContinuationToken>t</NextContinuationToken>\
            </ListBucketResult>";
        let page = s3(body).unwrap();
        assert_eq!(page.objects, [object("a & b/é\u{1}", 5, "\"abc-2\""), object(" c ", 0, "")]);
        assert_eq!(page.next.as_deref(), Some("t"));
        for broken in [
            "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
            "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
            "<ListBucketResult><Contents><Key>a</Key><Size>99999999999999999999</Size></Contents></ListBucketResult>",
            "<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
            "<ListBucketResult><Contents>",
            "<ListBucketResult/><ListBucketResult/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><ListBucketResult/>",
            "<html></html>",
            "",
        ] {
            assert!(s3(broken.as_bytes()).is_err(), "{broken}");
        }
        let long = "m".repeat(LONGEST_MARK + 1);
        let long = format!("<EnumerationResults><NextMarker>{long}</NextMarker></EnumerationResults>");
        assert!(azure(long.as_bytes()).is_err());
        let deep = format!("<ListBucketResult>{}", "<a>".repeat(100_000));
        assert!(s3(deep.as_bytes()).is_err());
        assert_eq!(s3(b"<ListBucketResult/>"), Ok(Page::default()));
    }

    #[test]
    fn pages_of_others() {
        let body = "\u{feff}<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>a/b</Name><Properties>\
            <Content-Length>7</Content-Length><Etag>0x8D</Etag></Properties></Blob><Blob><Name>a</Name><Properties>\
            <Content-Length>0</Content-Length><ResourceType>directory</ResourceType></Properties></Blob></Blobs>\
            <NextMarker>m</NextMarker></EnumerationResults>";
        let page = azure(body.as_bytes()).unwrap();
        assert_eq!((page.objects, page.next.as_deref()), (vec![object("a/b", 7, "0x8D")], Some("m")));
        let body = br#"{"kind": "storage#objects", "items": [{"name": "a/b", "size": "7", "generation": "12"}]}"#;
        assert_eq!(google(body), Ok(Page { objects: vec![object("a/b", 7, "12")], next: None }));
        assert_eq!(google(br#"{"kind": "storage#objects"}"#), Ok(Page::default()));
        for broken in ["{}", "[]", "", r#"{"kind": "storage#objects", "items": [{"name": "a", "size": 7}]}"#] {
            assert!(google(broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn complaints() {
        let body =
            b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>eu-west-1</Region></Error>";
        let wanted = Complaint { code: "AuthorizationHeaderMalformed".into(), region: Some("eu-west-1".into()) };
        assert_eq!(complaint(body), wanted);
        assert_eq!(complaint(b"<Error><Code>a b</Code><Region>\x1b[1m</Region></Error>"), Complaint::default());
        assert_eq!(complaint(b"no"), Complaint::default());
    }

    #[test]
    fn a_digest_is_recorded_of_the_whole_alone() {
        let of =
            |headers: &[(&str, &'static str)]| recorded(|name| headers.iter().find(|(n, _)| *n == name).map(|h| h.1));
        const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let sum = ("x-amz-checksum-sha256", EMPTY);
        let empty = Some(Digest::of(b""));
        assert_eq!(of(&[sum, ("x-amz-checksum-type", "FULL_OBJECT")]), empty);
        assert_eq!(of(&[sum, ("etag", "\"d41d8cd98f00b204e9800998ecf8427e\"")]), empty);
        for odd in [
            &[sum, ("x-amz-checksum-type", "COMPOSITE")][..],
            &[sum, ("x-amz-checksum-type", "")],
            &[sum, ("etag", "\"d41d8cd98f00b204e9800998ecf8427e-3\"")],
            &[sum, ("x-amz-mp-parts-count", "1")],
            &[
                ("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-3"),
                ("x-amz-checksum-type", "FULL_OBJECT"),
            ],
            &[("x-amz-checksum-sha256", "47DEQpj8HBSa"), ("x-amz-checksum-type", "FULL_OBJECT")],
            &[("x-amz-checksum-sha256", ""), ("x-amz-checksum-type", "FULL_OBJECT")],
            &[("x-amz-checksum-type", "FULL_OBJECT")],
        ] {
            assert_eq!(of(odd), None, "{odd:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = (s3(&bytes), azure(&bytes), google(&bytes), complaint(&bytes));
        }
    }
}
