//! Tests of the promise that a user's rows and the drift of a run do not depend on the order in which users come.

use super::{
    flattened::Crowd,
    mutation::{edited, edits},
};
use crate::kyc::identifier;
use proptest::{collection::vec, prelude::*};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_documents_is_irrelevant(
        (all, shuffled) in vec(edits(), 1..7)
            .prop_map(|all| all.iter().map(|edits| edited(edits).to_string()).collect::<Vec<_>>())
            .prop_flat_map(|bodies| {
                let order: Vec<_> = (0..bodies.len()).collect();
                (Just(bodies), Just(order).prop_shuffle())
            }),
    ) {
        let in_order: Vec<_> = (0..all.len()).collect();
        let [one, other] = [&in_order, &shuffled].map(|order| Crowd::flatten(&all, order));
        prop_assert_eq!(&one.drift, &other.drift);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_user_is_in_the_census_exactly_if_he_has_a_number(edits in edits()) {
        let body = edited(&edits).to_string();
        let crowd = Crowd::flatten(&[body.clone(), body.clone(), body], &[2, 0, 1]);
        for (number, shared) in [
            ("id_info_id_number", "shared_document_users"),
            ("client_reference_data_personal_info_tax_id", "shared_tax_id_users"),
        ] {
            let has_number = crowd.users(number).into_iter().map(|text| {
                if identifier::number(&text).is_some() { "3" } else { "-" }
            });
            let is_contested = crowd.users("contested_keys") != ["0"; 3];
            let shared_by = crowd.users(shared);
            prop_assert!(shared_by == has_number.collect::<Vec<_>>() || (is_contested && shared_by == ["-"; 3]), "{}", shared);
        }
    }
}
