//! The way to the network, on loopback alone: what is refused before anything is sent, tokens, limits, kept answers.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Instant;

use super::*;

/// A resolver that counts, and gives every name the same addresses.
struct Always(Vec<IpAddr>, AtomicUsize);

impl Lookup for Always {
    fn lookup(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(self.0.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
    }
}

fn net(addresses: &[&str], own: &[&str]) -> (Net, Arc<Always>) {
    let lookup = Arc::new(Always(addresses.iter().map(|a| a.parse().unwrap()).collect(), AtomicUsize::new(0)));
    let endpoints = own.iter().map(|url| Endpoint { url: Url::parse(url).unwrap(), token: None }).collect();
    let timeout = Duration::from_secs(2);
    let patience = Duration::ZERO;
    (Net::new(Settings { endpoints, timeout, patience, lookup: lookup.clone(), ..Settings::default() }), lookup)
}

fn get(net: &Net, url: &str) -> Result<Answer, FaultKind> {
    net.ask(&Ask::get(Url::parse(url).unwrap(), 1000)).map_err(|fault| fault.kind)
}

/// A listener on loopback to which nobody may connect.
fn trap() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// A server on loopback that answers `count` times with these lines, and waits ten seconds for that.
fn serve(head: String, count: usize) -> (u16, std::thread::JoinHandle<Vec<String>>) {
    let (listener, port) = trap();
    (port, answer(listener, head, count))
}

fn answer(listener: TcpListener, head: String, count: usize) -> std::thread::JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let (mut seen, start) = (Vec::new(), Instant::now());
        while seen.len() < count && start.elapsed() < Duration::from_secs(10) {
            let Ok((mut stream, _)) = listener.accept() else {
                std::thread::sleep(Duration::from_millis(2));
                continue;
            };
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                request.push(byte[0]);
            }
            seen.push(String::from_utf8(request).unwrap());
            write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
        seen
    })
}

#[test]
fn names_that_lead_inward_are_refused_before_anything_is_sent() {
    let (listener, port) = trap();
    for addresses in [
        &["127.0.0.1"][..],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["::1"],
        &["127.0.0.1", "10.0.0.1", "::1", "fd00:ec2::254"],
    ] {
        for scheme in ["http", "https"] {
            let (net, lookup) = net(addresses, &["https://hub.example"]);
            let url = format!("{scheme}://data.example:{port}/x");
            assert_eq!(get(&net, &url), Err(FaultKind::Refused), "{addresses:?}");
            let streamed = net.stream(&Url::parse(&url).unwrap(), 0).map(|_| ()).map_err(|f| f.kind);
            assert_eq!(streamed, Err(FaultKind::Refused));
            assert_eq!((net.counts(), lookup.1.load(Ordering::Relaxed)), ((0, 0), 2), "{addresses:?}");
        }
    }
    assert!(listener.accept().is_err(), "a connection was made");
}

#[test]
fn of_a_mix_of_addresses_only_the_public_ones_are_kept() {
    let (net, _) = net(&["127.0.0.1", "93.184.216.34", "::1", "10.0.0.1"], &[]);
    net.check(&Url::parse("https://data.example/x").unwrap(), false).unwrap();
    let pins = net.pins.0.lock().unwrap();
    // No port: the same host may be asked by http first and by https then.
    assert_eq!(pins["data.example"], ["93.184.216.34:0".parse().unwrap()]);
}

#[test]
fn a_name_is_looked_up_once() {
    let (net, lookup) = net(&["93.184.216.34"], &["https://data.example"]);
    for url in ["http://data.example/a", "https://data.example/b", "https://DATA.example./c"] {
        net.check(&Url::parse(url).unwrap(), false).unwrap();
    }
    assert_eq!(lookup.1.load(Ordering::Relaxed), 1);
}

#[test]
fn links_that_lead_inward_or_are_not_http_are_refused() {
    let (listener, port) = trap();
    let (net, lookup) = net(&["127.0.0.1"], &["https://hub.example"]);
    for url in [
        &format!("http://127.0.0.1:{port}/"),
        &format!("http://[::1]:{port}/"),
        &format!("http://2130706433:{port}/"),
        &format!("http://0x7f.1:{port}/"),
        &format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[fd00:ec2::254]/",
        "file:///etc/passwd",
        "ftp://data.example/x",
        "data:text/plain,x",
        "https://user:password@data.example/",
        "https://user@data.example/",
    ] {
        assert_eq!(get(&net, url), Err(FaultKind::Refused), "{url}");
    }
    assert_eq!((net.counts().0, lookup.1.load(Ordering::Relaxed)), (0, 0));
    assert!(listener.accept().is_err(), "a connection was made");
}

#[test]
fn a_redirect_that_leads_inward_is_refused() {
    let (listener, port) = trap();
    for to in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://data.example:{port}/"),
        "http://169.254.169.254/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://user:password@hub.example/".to_owned(),
    ] {
        let (own, server) = serve(format!("302 Found\r\nLocation: {to}"), 1);
        let own = format!("http://hub.example:{own}");
        let (net, _) = net(&["127.0.0.1"], &[&own]);
        assert_eq!(get(&net, &format!("{own}/a")), Err(FaultKind::Refused), "{to}");
        assert_eq!((net.counts().0, server.join().unwrap().len()), (1, 1), "{to}");
    }
    assert!(listener.accept().is_err(), "a connection was made");
}

#[test]
fn what_the_settings_name_may_be_on_loopback_and_its_other_ports_may_not() {
    let (listener, port) = trap();
    let (own, server) = serve("204 No Content".to_owned(), 2);
    let named = format!("http://hub.example:{own}");
    let (net, _) = net(&["127.0.0.1"], &[&named, &format!("http://127.0.0.1:{own}")]);
    assert_eq!(get(&net, &format!("{named}/a")).map(|a| a.status), Ok(204));
    assert_eq!(get(&net, &format!("http://127.0.0.1:{own}/a")).map(|a| a.status), Ok(204));
    for other in [format!("http://hub.example:{port}/"), format!("http://127.0.0.1:{port}/")] {
        assert_eq!(get(&net, &other), Err(FaultKind::Refused), "{other}");
    }
    assert_eq!((net.counts().0, server.join().unwrap().len()), (2, 2));
    assert!(listener.accept().is_err(), "a connection was made");
}

#[test]
fn tokens_by_service() {
    let endpoint =
        |url: &str, token: Option<&str>| Endpoint { url: Url::parse(url).unwrap(), token: token.map(str::to_owned) };
    let endpoints = vec![
        endpoint("https://one.example", None),
        endpoint("https://one.example", Some("hub")),
        endpoint("https://one.example/code-api", None),
        endpoint("https://one.example/git-api", Some("git")),
    ];
    let net = Net::new(Settings { endpoints, ..Settings::default() });
    for (url, token) in [
        ("https://one.example/api/models/a/b", Some("hub")),
        ("https://one.example/code-api/repos/a/b", None),
        ("https://one.example/git-api/projects/a", Some("git")),
        ("http://one.example/api/models/a/b", None),
        ("https://one.example:444/api", None),
        ("https://cdn.one.example/api", None),
        ("https://two.example/git-api", None),
    ] {
        assert_eq!(net.token(&Url::parse(url).unwrap()), token, "{url}");
    }
}

#[test]
fn one_question_is_asked_once() {
    let (own, server) = serve("200 OK".to_owned(), 1);
    let (net, _) = net(&[], &[&format!("http://127.0.0.1:{own}")]);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(get(&net, &format!("http://127.0.0.1:{own}/a")).map(|a| a.status), Ok(200)));
        }
    });
    let seen = server.join().unwrap();
    assert_eq!(net.counts().0, 1);
    assert!(seen[0].contains(&format!("user-agent: ouvert/{}", env!("CARGO_PKG_VERSION"))), "{seen:?}");
    assert!(seen[0].contains("accept-encoding: identity") && !seen[0].contains("cookie"), "{seen:?}");
}

#[test]
fn a_kept_answer_is_asked_for_again_by_its_tag() {
    let store = tempfile::tempdir().unwrap();
    let url = |port| format!("http://hub.example:{port}");
    let with = |own: &str, offline| {
        let (inner, _) = net(&["127.0.0.1"], &[own]);
        Net::new(Settings { store: Some(store.path().into()), offline, ..inner.settings })
    };
    let (port, server) = serve("200 OK\r\nETag: \"one\"".to_owned(), 1);
    let first = get(&with(&url(port), false), &format!("{}/a", url(port))).unwrap();
    assert!(!server.join().unwrap()[0].contains("if-none-match"));
    // The port is a part of the question: the next server has to stand at the same one.
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let offline = with(&url(port), true);
    assert_eq!(get(&offline, &format!("{}/a", url(port))), Ok(first.clone()));
    assert_eq!((get(&offline, &format!("{}/b", url(port))), offline.counts()), (Err(FaultKind::Offline), (0, 1)));
    assert!(listener.accept().is_err(), "a connection was made offline");
    let server = answer(listener, "304 Not Modified".to_owned(), 1);
    let again = with(&url(port), false);
    assert_eq!((get(&again, &format!("{}/a", url(port))), again.counts()), (Ok(first), (1, 1)));
    assert!(server.join().unwrap()[0].contains("if-none-match: \"one\""));
}

#[test]
fn a_fault_tells_no_signature_of_a_link() {
    let (storage, server) = serve("500 Internal Server Error".to_owned(), 1);
    let to = format!("http://hub.example:{storage}/file?Signature=secret");
    let (own, first) = serve(format!("302 Found\r\nLocation: {to}"), 1);
    let (own, storage) = (format!("http://hub.example:{own}"), format!("http://hub.example:{storage}"));
    let (net, _) = net(&["127.0.0.1"], &[&own, &storage]);
    let fault = net.ask(&Ask::get(Url::parse(&format!("{own}/a")).unwrap(), 1000)).unwrap_err();
    assert!(fault.detail.en.contains(&format!("{storage}/file")) && !fault.detail.en.contains("secret"), "{fault}");
    drop((server.join(), first.join()));
}
