//! The built binary as a process: started in a clean environment, signalled, killed, waited for.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The key that tests send, unless they say otherwise.
pub(crate) const KEY: &str = "key-of-the-tests";

/// Longer than any job of a test takes; a job that hangs fails its test instead of all of them.
const PATIENCE: Duration = Duration::from_secs(90);
const GLANCE: Duration = Duration::from_millis(2);

/// A command to run the binary.
pub(crate) struct Job {
    command: Command,
    input: Vec<u8>,
}

/// A process under way; killed when dropped.
pub(crate) struct Running {
    child: Child,
    stdout: File,
    stderr: File,
}

/// A process that ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status; none when a signal killed it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Job {
    pub(crate) fn new(
        place: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kyc-recon"));
        // An empty HOME and a directory of its own: no settings file or variable of this machine gets in.
        command.env_clear().env("HOME", place).current_dir(place).args(arguments);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        Self { command, input: Vec::new() }
    }

    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Asks this partner, with the key of the tests and without a quota.
    pub(crate) fn asking(self, base_url: &str) -> Self {
        self.env("KYC_RECON_API_KEY", KEY).args(["--base-url", base_url, "--rate", "1000000/1s"])
    }

    /// The system refuses to let the process write any file beyond this size, without a signal.
    pub(crate) fn with_files_up_to(self, kilobytes: u32) -> Self {
        let blocks = kilobytes * 2;
        let script = format!("trap '' XFSZ; ulimit -f {blocks} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).arg(self.command.get_program());
        command.args(self.command.get_args()).env_clear();
        let variables = self.command.get_envs();
        command.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        if let Some(place) = self.command.get_current_dir() {
            command.current_dir(place);
        }
        Self { command, ..self }
    }

    /// What the process reads from standard input.
    pub(crate) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    pub(crate) fn start(mut self) -> io::Result<Running> {
        let mut stdin = tempfile::tempfile()?;
        stdin.write_all(&self.input)?;
        stdin.seek(SeekFrom::Start(0))?;
        // Files instead of pipes: nobody has to read while the process runs.
        let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        self.command
            .stdin(stdin)
            .stdout(Stdio::from(stdout.try_clone()?))
            .stderr(Stdio::from(stderr.try_clone()?));
        Ok(Running { child: self.command.spawn()?, stdout, stderr })
    }

    pub(crate) fn end(self) -> io::Result<Ended> {
        self.start()?.end()
    }
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) -> io::Result<()> {
        let script = format!("kill -{name} {}", self.id());
        let sent = Command::new("sh").args(["-c", &script]).status()?.success();
        if sent { Ok(()) } else { Err(io::Error::other(format!("{script} failed"))) }
    }

    /// Kills the process as a power cut would.
    pub(crate) fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> io::Result<Ended> {
        let mut status = None;
        until("the job ends", || {
            status = self.child.try_wait()?;
            Ok(status.is_some())
        })?;
        Ok(Ended {
            code: status.and_then(|status| status.code()),
            stdout: whole(&mut self.stdout)?,
            stderr: whole(&mut self.stderr)?,
        })
    }

    /// What was written to standard error so far.
    pub(crate) fn complaints(&mut self) -> io::Result<String> {
        whole(&mut self.stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads from the start without moving the place where the process writes: the two share one position, so only the
/// bytes there now are read.
fn whole(file: &mut File) -> io::Result<String> {
    use std::os::unix::fs::FileExt as _;
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Looks again and again until something is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let start = Instant::now();
    while !is_so()? {
        if start.elapsed() > PATIENCE {
            return Err(io::Error::new(io::ErrorKind::TimedOut, format!("waited until {what}")));
        }
        thread::sleep(GLANCE);
    }
    Ok(())
}
