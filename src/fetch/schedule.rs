//! Many users at once: as many in hand as memory allows, as many in flight as the limits allow.

use futures::StreamExt as _;

use super::{
    halt::Stop,
    http::Exchange,
    settle::{Asker, Question, Reply},
};

/// Users in hand for each place in flight: those who wait for a retry do not occupy a place.
const IN_HAND_PER_PLACE: usize = 4;

/// Asks about everybody who comes out of `questions`, until it ends or the job is stopped.
pub async fn ask_everybody<E: Exchange>(
    asker: &Asker<E>,
    questions: impl futures::Stream<Item = Question>,
    in_flight: usize,
    stop: &Stop,
    reply: impl AsyncFn(Reply),
) {
    let reply = &reply;
    questions
        .take_until(Box::pin(stop.pulled()))
        .for_each_concurrent(in_flight.saturating_mul(IN_HAND_PER_PLACE), |question| {
            asker.settle(question, reply)
        })
        .await;
}
