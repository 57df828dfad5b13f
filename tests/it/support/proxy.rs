//! A proxy that notes all it is sent, and lets tunnels end at one server, whatever host they were asked for.

use std::{
    io::{self, BufRead as _, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A running proxy. Its threads end with the connections, and the listener with the tests.
pub(crate) struct Proxy {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// Listens on a free port of loopback; tunnels end at `server`.
    pub(crate) fn to(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&heard);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let notes = Arc::clone(&notes);
                thread::spawn(move || tunnel(&client, server, &notes));
            }
        });
        Ok(Self { address, heard })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that clients sent, as far as it is text.
    pub(crate) fn heard(&self) -> String {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&heard).into_owned()
    }
}

fn tunnel(client: &TcpStream, server: SocketAddr, notes: &Mutex<Vec<u8>>) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        note(notes, &line);
        if matches!(line.as_slice(), b"" | b"\r\n") {
            break;
        }
    }
    let server = TcpStream::connect(server)?;
    (&mut &*client).write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    thread::scope(|scope| {
        scope.spawn(|| {
            let copied = io::copy(&mut &server, &mut &*client);
            let _ = client.shutdown(Shutdown::Write);
            copied
        });
        let mut bytes = [0; 4096];
        loop {
            let read = reader.read(&mut bytes).unwrap_or(0);
            note(notes, &bytes[..read]);
            if read == 0 || (&mut &server).write_all(&bytes[..read]).is_err() {
                return server.shutdown(Shutdown::Both);
            }
        }
    })
}

fn note(notes: &Mutex<Vec<u8>>, bytes: &[u8]) {
    notes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
}
