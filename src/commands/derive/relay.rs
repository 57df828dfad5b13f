//! Two halves of one piece of work, each on a core of its own: batches are made here and taken there.

use std::{
    panic,
    sync::mpsc::{self, SyncSender},
    thread,
};

use crate::error::Error;

/// Takes the batches on another thread, in their order, while the next ones are made. The first error of either half ends
/// both.
pub(super) fn relay<T: Send>(
    made: impl Iterator<Item = Result<T, Error>>,
    take: impl FnMut(T) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    thread::scope(|scope| {
        // None lies between the halves: that would be memory for one batch more, and not much less waiting.
        let (hand, handed) = mpsc::sync_channel(0);
        let taking = scope.spawn(move || handed.into_iter().try_for_each(take));
        let made = hand_over(made, &hand);
        drop(hand);
        let taken = taking.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        // What could not be taken was made before what could not be made.
        taken.and(made)
    })
}

fn hand_over<T>(
    made: impl Iterator<Item = Result<T, Error>>,
    hand: &SyncSender<T>,
) -> Result<(), Error> {
    for batch in made {
        if hand.send(batch?).is_err() {
            // Nobody takes any more: taking has failed, and that is the error to tell.
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::disk::DiskError;

    fn error(name: &str) -> Error {
        let source = io::Error::other("full");
        DiskError::Write { path: name.into(), source }.into()
    }

    #[test]
    fn every_batch_is_taken_in_its_order() {
        let mut taken = Vec::new();
        let done = relay((0..100).map(Ok), |batch| {
            taken.push(batch);
            Ok(())
        });
        assert!(done.is_ok());
        assert!(taken.into_iter().eq(0..100));
    }

    #[test]
    fn what_was_made_before_the_error_is_taken_still() {
        let mut taken = Vec::new();
        let made = (0..9).map(|batch| if batch < 5 { Ok(batch) } else { Err(error("made")) });
        let done = relay(made, |batch| {
            taken.push(batch);
            Ok(())
        });
        assert_eq!(done.map_err(|error| error.to_string()), Err(error("made").to_string()));
        assert_eq!(taken, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn nothing_is_made_in_vain_for_long_once_taking_has_failed() {
        let mut made = 0;
        let batches = (0..100).map(|batch| {
            made += 1;
            Ok(batch)
        });
        let done = relay(batches, |_| Err(error("taken")));
        assert_eq!(done.map_err(|error| error.to_string()), Err(error("taken").to_string()));
        assert!(made <= 2, "{made}");
    }
}
