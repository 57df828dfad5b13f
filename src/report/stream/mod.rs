//! Evidence and tables as Arrow IPC streams: for engines that hand the rows of an archive through this program, batch by
//! batch and on many machines, and take the rows of a table back.

pub mod incoming;
pub mod outgoing;
