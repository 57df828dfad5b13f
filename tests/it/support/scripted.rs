//! A partner that does what a closure says, call by call, and notes every call: when, for whom, for the how-manieth time.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use kyc_recon::{
    model::attempt::SANDBOX_HEADER,
    sandbox::{
        answer::{Answer, HTML, JSON},
        options::DEFAULT_SEED,
    },
};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) at: Instant,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) user: String,
    /// The how-manieth request of all, and of this user; from 1.
    pub(crate) number: usize,
    pub(crate) visit: usize,
    pub(crate) key: Option<String>,
}

/// What is sent back. The closure may wait before it says so.
pub(crate) enum Reply {
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// Half of a body that was announced whole.
    Cut,
    /// Nothing, until the other side gives up.
    Hang,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::with_body(status, JSON, body.as_bytes())
    }

    pub(crate) fn page(status: u16, body: &str) -> Self {
        Self::with_body(status, HTML, body.as_bytes())
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self::Whole { status, headers: Vec::new(), body: Vec::new() }
    }

    /// What the sandbox would say about this user.
    pub(crate) fn about(user: &str) -> Self {
        let answer = Answer::about(DEFAULT_SEED, user);
        Self::with_body(answer.status, answer.content_type, &answer.body)
    }

    /// An approved person whose document has this number; marked.
    pub(crate) fn approved(number: &str) -> Self {
        Self::judged("APPROVED", number)
    }

    /// A person about whom the partner has not decided, whose document has this number; marked.
    pub(crate) fn in_review(number: &str) -> Self {
        Self::judged("REVIEW", number)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// As a sandbox marks its answers.
    pub(crate) fn marked(self) -> Self {
        self.header(SANDBOX_HEADER, "invented people")
    }

    fn judged(result: &str, number: &str) -> Self {
        let summary = format!(r#"{{"verificationResult":"{result}"}}"#);
        let id_info = format!(r#"{{"idNumber":"{number}","issueCountryCode":"MX"}}"#);
        Self::json(200, &format!(r#"{{"aipriseSummary":{summary},"idInfo":{id_info}}}"#)).marked()
    }

    fn with_body(status: u16, content_type: &str, body: &[u8]) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self::Whole { status, headers, body: body.to_vec() }
    }
}

type Script = dyn Fn(&Call) -> Reply + Send + Sync;

/// A running partner; stops when dropped.
pub(crate) struct Scripted {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    script: Box<Script>,
    calls: Mutex<Vec<Call>>,
    stopped: AtomicBool,
}

impl Scripted {
    /// Listens on a free port of loopback; one thread for each connection.
    pub(crate) fn start(
        script: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Box::new(script),
            calls: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let listening = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if listening.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let serving = Arc::clone(&listening);
                thread::spawn(move || serving.serve(&stream));
            }
        });
        Ok(Self { address, shared })
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every call so far, in order of arrival.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The most calls that arrived in any window of this length.
    pub(crate) fn most_in(&self, window: Duration) -> usize {
        let calls = self.calls();
        let within = |first: usize| {
            calls[first..].iter().take_while(|call| call.at < calls[first].at + window).count()
        };
        (0..calls.len()).map(within).max().unwrap_or(0)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // The listener looks at the flag when somebody calls.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        while let Some(call) = self.receive(&mut reader)? {
            match (self.script)(&call) {
                Reply::Whole { status, headers, body } => send(stream, status, &headers, &body)?,
                Reply::Cut => {
                    (&mut &*stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")?;
                    return stream.shutdown(Shutdown::Both);
                }
                Reply::Hang => return reader.read_to_end(&mut Vec::new()).map(drop),
            }
        }
        Ok(())
    }

    /// Reads the head of a request; none at the end of the connection.
    fn receive(&self, reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Call>> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let target = lines[0].split(' ').nth(1).unwrap_or_default().to_owned();
        let user = target.split_once("userId=").map_or("", |(_, user)| user).to_owned();
        let key = lines.iter().find_map(|line| line.strip_prefix("partner-api-key: "));
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = calls.iter().filter(|call| call.user == user).count() + 1;
        let number = calls.len() + 1;
        let key = key.map(str::to_owned);
        let call = Call { at: Instant::now(), target, user, number, visit, key };
        calls.push(call.clone());
        Ok(Some(call))
    }
}

fn send(
    mut stream: &TcpStream,
    status: u16,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> io::Result<()> {
    let mut bytes = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        bytes.extend([*name, ": ", value, "\r\n"]);
    }
    bytes += "\r\n";
    stream.write_all(&[bytes.as_bytes(), body].concat())
}
