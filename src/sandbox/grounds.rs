//! Why a person was refused or set aside: the partner's warning codes.

/// The section of the document in which a ground stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Identity,
    FaceMatch,
    Liveness,
    Fraud,
}

/// One reason, as a warning of the document names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    pub part: Part,
    pub code: &'static str,
    pub message: &'static str,
}

const fn ground(part: Part, code: &'static str, message: &'static str) -> Ground {
    Ground { part, code, message }
}

pub const DOCUMENT_EXPIRED: &str = "DOCUMENT_EXPIRED";
pub const AGE_UNDER_18: &str = "AGE_UNDER_18";
pub const FACE_MISMATCH: &str = "FACE_MISMATCH";
pub const LOW_FACE_SIMILARITY: &str = "LOW_FACE_SIMILARITY";

impl Ground {
    /// True where only another date could remove it.
    #[must_use]
    pub fn is_about_dates(&self) -> bool {
        [DOCUMENT_EXPIRED, AGE_UNDER_18].contains(&self.code)
    }
}

/// Those of a list that only a look at the card can show, whatever its dates and however the person came.
#[must_use]
pub fn of_the_card(list: &[(u32, Ground)]) -> Vec<(u32, Ground)> {
    let fit = |ground: &Ground| ground.part == Part::Identity && !ground.is_about_dates();
    list.iter().copied().filter(|(_, ground)| fit(ground)).collect()
}

/// What an AML hit that is open or confirmed adds to a person's grounds.
pub const AML_MATCH: Ground =
    ground(Part::Fraud, "AML_MATCH", "A possible match was found on a watchlist");

/// Grounds for a refusal, with their weights.
pub const REFUSALS: &[(u32, Ground)] = &[
    (24, ground(Part::Identity, DOCUMENT_EXPIRED, "The document has expired")),
    (10, ground(Part::Identity, "DOCUMENT_TAMPERED", "The document shows signs of tampering")),
    (6, ground(Part::Identity, "FAKE_ID", "The document is not genuine")),
    (5, ground(Part::Identity, "SCREEN_DETECTED", "The image was taken from a screen")),
    (6, ground(Part::Identity, "NAME_VERIFICATION_FAILED", "The name is not the registered one")),
    (3, ground(Part::Identity, AGE_UNDER_18, "The person is younger than 18 years")),
    (4, ground(Part::Identity, "INVALID_ID_NUMBER_SUPPLIED", "The number was not found")),
    (20, ground(Part::FaceMatch, FACE_MISMATCH, "The selfie and the document differ")),
    (8, ground(Part::Liveness, "FACE_NOT_LIVE", "The selfie is not of a live person")),
    (3, ground(Part::Liveness, "FACE_DEEPFAKE", "The video seems to be generated")),
    (3, ground(Part::Liveness, "VIDEO_INJECTION_DETECTED", "The video did not come from a camera")),
    (5, ground(Part::Fraud, "SUSPICIOUS_USER_BEHAVIOUR", "The session was not used as people do")),
    (3, ground(Part::Fraud, "BOT_DETECTED", "The session was driven by a program")),
];

/// Grounds for a look by a person, with their weights.
pub const DOUBTS: &[(u32, Ground)] = &[
    (14, ground(Part::Identity, "DOCUMENT_REQUIRES_REVIEW", "The document needs a look")),
    (10, ground(Part::Identity, "UNREADABLE_DOCUMENT", "Parts of the document cannot be read")),
    (8, ground(Part::Identity, "GLARE_DETECTED", "Light hides parts of the document")),
    (8, ground(Part::Identity, "IMAGE_TOO_BLURRY", "The image is not sharp")),
    (6, ground(Part::Identity, "DOCUMENT_PHOTO_OF_PHOTO", "The image shows another image")),
    (8, ground(Part::Identity, "ID_DATA_MISMATCH", "Front and registry do not say the same")),
    (5, ground(Part::Identity, "CHECK_DIGIT_FAILED", "A check digit is wrong")),
    (6, ground(Part::Identity, "DATABASE_LOOKUP_ISSUE", "The registry gave no clear answer")),
    (12, ground(Part::FaceMatch, LOW_FACE_SIMILARITY, "The faces are not clearly the same")),
    (8, ground(Part::Liveness, "FACE_LIVENESS_REVIEW_REQUIRED", "Liveness could not be decided")),
    (6, ground(Part::Fraud, "VPN_DETECTED", "The session came through a VPN")),
    (5, ground(Part::Fraud, "GEOLOCATION_MISMATCH", "The session came from another country")),
    (4, ground(Part::Fraud, "IP_ADDRESS_SUSPICIOUS", "The address is known for fraud")),
];

/// Warnings that change nothing: the default decision on them is approval.
pub const NOISE: &[(&str, &str)] = &[
    ("MISSING_ADDRESS", "No address was found on the document"),
    ("MISSING_PERSONAL_NUMBER", "No personal number was found on the document"),
    ("MISSING_POSTCODE", "No postal code was found on the document"),
    ("MISSING_GENDER", "No gender was found on the document"),
    ("DOCUMENT_TOO_FAR", "The document is small in the image"),
    ("ID_PREVIOUSLY_SEEN", "The document was seen in another session"),
    ("DOCUMENT_MINOR_DIGITAL_ARTIFACTS", "The image was compressed"),
    ("UNABLE_TO_EXTRACT_DOCUMENT_METADATA", "The image carries no metadata"),
];

/// Good news that arrives as warnings.
pub const GOOD_NEWS: &[(&str, &str)] = &[
    ("NO_GLARES_DETECTED", "No glares were detected"),
    ("IMAGE_IN_FOCUS", "The image is in focus"),
    ("GOOD_IMAGE_RESOLUTION", "The resolution is good"),
    ("GOOD_IMAGE_COLOR", "The colours are good"),
    ("GOOD_IMAGE_PERSPECTIVE", "The perspective is good"),
    ("GOOD_IMAGE_BRIGHTNESS", "The brightness is good"),
    ("DOCUMENT_FULLY_PRESENT", "The document is wholly in the image"),
    ("PORTRAIT_PRESENT_IN_IMAGE", "The portrait is in the image"),
    ("NO_OCCLUSION_DETECTED", "Nothing covers the document"),
    ("IMAGE_TEXT_FIELDS_VERIFIED", "The fields of text agree"),
];
