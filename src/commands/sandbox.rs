//! `sandbox`: the pretend partner as a server of its own, until it is interrupted.

use crate::{
    cli::sandbox::SandboxArgs,
    console::terminal::complain,
    error::{Error, ExitStatus},
    sandbox::{options::Options, server::Sandbox},
    settings::partner,
};

pub(super) fn run(args: &SandboxArgs) -> Result<ExitStatus, Error> {
    let options = Options {
        port: args.port,
        require_key: args.require_key.clone(),
        ..partner::sandbox(&args.behaviour)
    };
    let runtime = tokio::runtime::Runtime::new().map_err(Error::Runtime)?;
    runtime.block_on(async {
        let sandbox = Sandbox::start(options).await.map_err(Error::Sandbox)?;
        complain(&format!("sandbox partner at {} (Ctrl-C ends it)", sandbox.base_url()));
        let _ = tokio::signal::ctrl_c().await;
        sandbox.shutdown().await;
        Ok(ExitStatus::Complete)
    })
}
