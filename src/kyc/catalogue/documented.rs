//! The test that every documented field of the endpoint has its place in the catalogue.

use std::collections::BTreeSet;

use super::tables;

/// Every leaf of the endpoint's page and of the partner's own schema, by JSON pointer.
const DOCUMENTED: [&str; 92] = [
    "/aipriseSummary/verificationResult",
    "/amlInfo/entityHits/*/entityType",
    "/amlInfo/entityHits/*/name",
    "/amlInfo/entityHits/*/nameMatchScore",
    "/amlInfo/entityHits/*/alsoKnownAs",
    "/amlInfo/entityHits/*/amlHits",
    "/amlInfo/entityHits/*/dateOfBirth",
    "/amlInfo/entityHits/*/dateOfBirthMatchScore",
    "/amlInfo/entityHits/*/id",
    "/amlInfo/entityHits/*/resolutionStatus",
    "/amlInfo/numHits",
    "/amlInfo/amlHitSummary",
    "/amlInfo/searchCriteria/searchTerm",
    "/amlInfo/searchCriteria/fuzzinessScore",
    "/amlInfo/searchCriteria/exactMatch",
    "/clientReferenceData/personalInfo/profession",
    "/clientReferenceData/personalInfo/phoneNumber",
    "/clientReferenceData/personalInfo/birthCountry",
    "/clientReferenceData/personalInfo/taxId",
    "/faceLivenessInfo/checkSummary",
    "/faceLivenessInfo/result",
    "/faceLivenessInfo/section_id",
    "/faceLivenessInfo/status",
    "/faceLivenessInfo/statusReasons/*/code",
    "/faceLivenessInfo/statusReasons/*/message",
    "/faceLivenessInfo/warnings/*/code",
    "/faceLivenessInfo/warnings/*/message",
    "/faceLivenessInfo/warnings/*/warningId",
    "/faceLivenessInfo/warnings/*/resolutionStatus",
    "/faceMatchInfo/faceMatchScore",
    "/faceMatchInfo/checkSummary",
    "/faceMatchInfo/result",
    "/faceMatchInfo/section_id",
    "/faceMatchInfo/status",
    "/faceMatchInfo/statusReasons/*/code",
    "/faceMatchInfo/statusReasons/*/message",
    "/faceMatchInfo/warnings/*/code",
    "/faceMatchInfo/warnings/*/message",
    "/faceMatchInfo/warnings/*/warningId",
    "/faceMatchInfo/warnings/*/resolutionStatus",
    "/fraudInsights/relatedSessionInsights/result",
    "/fraudInsights/relatedSessionInsights/section_id",
    "/fraudInsights/relatedSessionInsights/status",
    "/fraudInsights/relatedSessionInsights/statusReasons/*/code",
    "/fraudInsights/relatedSessionInsights/statusReasons/*/message",
    "/fraudInsights/relatedSessionInsights/warnings/*/code",
    "/fraudInsights/relatedSessionInsights/warnings/*/message",
    "/fraudInsights/relatedSessionInsights/warnings/*/warningId",
    "/fraudInsights/relatedSessionInsights/warnings/*/resolutionStatus",
    "/fraudInsights/result",
    "/fraudInsights/section_id",
    "/fraudInsights/status",
    "/fraudInsights/statusReasons/*/code",
    "/fraudInsights/statusReasons/*/message",
    "/fraudInsights/warnings/*/code",
    "/fraudInsights/warnings/*/message",
    "/fraudInsights/warnings/*/warningId",
    "/fraudInsights/warnings/*/resolutionStatus",
    "/idInfo/address/fullAddress",
    "/idInfo/birthDate",
    "/idInfo/checkSummary",
    "/idInfo/documentDetails",
    "/idInfo/firstName",
    "/idInfo/idExpiryDate",
    "/idInfo/idIssueDate",
    "/idInfo/idType",
    "/idInfo/idNumber",
    "/idInfo/middleName",
    "/idInfo/lastName",
    "/idInfo/secondLastName",
    "/idInfo/fullName",
    "/idInfo/gender",
    "/idInfo/nationality",
    "/idInfo/nationalityCode",
    "/idInfo/issueCountry",
    "/idInfo/issueCountryCode",
    "/idInfo/result",
    "/idInfo/section_id",
    "/idInfo/status",
    "/idInfo/statusReasons/*/code",
    "/idInfo/statusReasons/*/message",
    "/idInfo/warnings/*/code",
    "/idInfo/warnings/*/message",
    "/idInfo/warnings/*/warningId",
    "/idInfo/warnings/*/resolutionStatus",
    "/media/frontIdImageUrl",
    "/media/backIdImageUrl",
    "/media/selfieImageUrl",
    "/media/selfieVideoUrl",
    "/clientReferenceId",
    "/createdAt",
    "/verificationSessionId",
];

#[test]
fn every_documented_field_has_its_column() {
    let pointers: BTreeSet<String> = tables()
        .iter()
        .flat_map(|table| table.rows.iter().map(move |rows| (table, rows)))
        .flat_map(|(table, rows)| {
            let element = if rows.is_empty() { String::new() } else { format!("{rows}/*") };
            let own = table.columns.iter().filter_map(|column| column.origin.pointer());
            own.map(move |own| format!("{element}{own}")).chain([rows.clone()])
        })
        .collect();
    for documented in DOCUMENTED {
        assert!(pointers.contains(documented), "{documented}");
    }
}
