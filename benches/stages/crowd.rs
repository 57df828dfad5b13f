//! The people of the sandbox under one seed, and what the partner says about them.

use criterion::Throughput;
use jiff::Timestamp;
use kyc_recon::{
    assess::policy::Policy,
    flatten::{
        census::{self, Census},
        flattener::{AskedBy, Before, Flattener, Frames, Subject},
    },
    model::{
        ids::{RunId, UserId},
        outcome::Outcome,
    },
    sandbox::{answer::Answer, population},
};

const SEED: u64 = 7;

/// People with a document each, in roster order.
pub(crate) struct Crowd {
    pub(crate) run_id: RunId,
    pub(crate) people: Vec<(UserId, Vec<u8>)>,
}

impl Crowd {
    /// The first so many who have a document.
    pub(crate) fn of(people: usize) -> Self {
        let ids = (0..).map(|number| population::user_id(SEED, number));
        let verified = ids.filter_map(|id| {
            let Answer { status, body, .. } = Answer::about(SEED, &id);
            let is_document = status == 200 && body.len() > 600;
            is_document.then(|| (UserId::parse(&id).expect("an id"), body))
        });
        let run_id = RunId::parse("bench").expect("a name");
        Self { run_id, people: verified.take(people).collect() }
    }

    pub(crate) fn throughput(&self) -> Throughput {
        let bytes = self.people.iter().map(|(_, body)| body.len() as u64).sum();
        Throughput::ElementsAndBytes { elements: self.people.len() as u64, bytes }
    }

    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject<'_>> {
        (1..).zip(&self.people).map(|(position, (user_id, body))| Subject {
            position,
            roster_line: position + 1,
            user_id,
            extra: &[],
            outcome: Outcome::Answered,
            asked_by: Some(AskedBy { run_id: &self.run_id, is_carried: false, age_days: 0 }),
            http_status: Some(200),
            fetched_at: Some(Timestamp::UNIX_EPOCH),
            attempts: 1,
            sha256: Some([0; 32]),
            body: Some(body),
            before: Before::default(),
        })
    }

    /// Both passes over the documents, as a derivation makes them.
    pub(crate) fn flatten(&self, policy: &Policy) -> Frames {
        let mut census = Census::of(self.people.len());
        self.people.iter().for_each(|(_, answer)| census.note(census::numbers(answer)));
        let scale = policy.face_score_scale();
        let mut flattener = Flattener::new(&self.run_id, &[], scale, census.close());
        self.subjects().for_each(|subject| flattener.push(&subject));
        flattener.take().expect("frames")
    }
}
