//! A store on loopback that answers as a test says, and notes what it was asked. It stops when it is dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a client may say nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Path and query as written.
    pub(super) target: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a page of the listing is asked for.
    pub(super) fn is_page(&self) -> bool {
        self.target.contains("list-type=2")
    }

    /// Whether the target ends so, its query left out.
    pub(super) fn is_for(&self, key: &str) -> bool {
        self.target.split('?').next().is_some_and(|path| path.ends_with(key))
    }
}

/// An answer: status, headers and a body, with the length that is told of it where it is another.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) length: Option<u64>,
}

impl Told {
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Told {
        Told { status, headers: vec![], body: body.into(), length: None }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Told {
        self.headers.push((name, value.into()));
        self
    }

    /// Tells another length than the body has.
    pub(super) fn of_length(mut self, length: u64) -> Told {
        self.length = Some(length);
        self
    }
}

type Answer = dyn Fn(&Asked) -> Told + Send + Sync;

/// A store that answers as it was told to.
pub(super) struct Shop {
    url: String,
    seen: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Shop {
    pub(super) fn open(answer: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (seen, stop): (Arc<Mutex<Vec<Asked>>>, Arc<AtomicBool>) = Default::default();
        let (answer, seen_too, stop_too): (Arc<Answer>, _, _) = (Arc::new(answer), seen.clone(), stop.clone());
        let accepting = thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if stop_too.load(Ordering::Relaxed) {
                    return;
                }
                let (answer, seen) = (answer.clone(), seen_too.clone());
                thread::spawn(move || serve(stream, answer.as_ref(), &seen));
            }
        });
        Shop { url, seen, stop, accepting: Some(accepting) }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// What it was asked so far.
    pub(super) fn seen(&self) -> Vec<Asked> {
        self.seen.lock().expect("no thread died").clone()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

/// One request a connection.
fn serve(mut stream: TcpStream, answer: &Answer, seen: &Mutex<Vec<Asked>>) {
    let _ = (stream.set_read_timeout(Some(PATIENCE)), stream.set_write_timeout(Some(PATIENCE)));
    let Ok(other) = stream.try_clone() else { return };
    let mut lines = BufReader::new(other.take(64 * 1024)).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    let header = |line: String| line.split_once(':').map(|(k, v)| (k.to_lowercase(), v.trim().to_owned()));
    let headers = lines.take_while(|line| !line.is_empty()).filter_map(header).collect();
    let asked = Asked { method, target, headers };
    let told = answer(&asked);
    seen.lock().expect("no thread died").push(asked.clone());
    let mut head = format!("HTTP/1.1 {} -\r\nConnection: close\r\n", told.status);
    for (name, value) in &told.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", told.length.unwrap_or(told.body.len() as u64)));
    // A client that went away is none to complain to.
    let body = if asked.method == "HEAD" { &[][..] } else { &told.body };
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}
