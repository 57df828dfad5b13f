//! The codes of warnings: some name a problem, some are good news.
//!
//! How grave a warning is cannot be told from its code: every owner of a template sets that himself. The section's
//! `result` is the truth; the nature of a code only keeps "image in focus" from being counted as a problem.

use super::words;

/// What the code of a warning says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nature {
    /// Something is wrong, missing or suspicious, if only a little.
    Problem,
    /// Something is as it should be.
    Good,
    /// The code is in no list of ours, or there is none.
    Unlisted,
}

impl Nature {
    pub const ALL: [Self; 3] = [Self::Problem, Self::Good, Self::Unlisted];

    /// Reads the code of a warning.
    #[must_use]
    pub fn of(code: Option<&str>) -> Self {
        let Some(code) = code else { return Self::Unlisted };
        if words::is_among(code, &GOOD_NEWS) {
            return Self::Good;
        }
        let is_problem = PROBLEMS.iter().any(|list| words::is_among(code, list));
        if is_problem { Self::Problem } else { Self::Unlisted }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Good => "good",
            Self::Unlisted => "unlisted",
        }
    }
}

/// The codes in our lists.
pub fn known_codes() -> impl Iterator<Item = &'static str> {
    PROBLEMS.into_iter().flatten().copied().chain(GOOD_NEWS)
}

/// Codes that say a thing is as it should be.
const GOOD_NEWS: [&str; 12] = [
    "NO_GLARES_DETECTED",
    "IMAGE_IN_FOCUS",
    "GOOD_IMAGE_RESOLUTION",
    "GOOD_IMAGE_COLOR",
    "GOOD_IMAGE_PERSPECTIVE",
    "GOOD_IMAGE_BRIGHTNESS",
    "GOOD_IMAGE_QUALITY",
    "DOCUMENT_FULLY_PRESENT",
    "PORTRAIT_PRESENT_IN_IMAGE",
    "NO_OCCLUSION_DETECTED",
    "IMAGE_DOCUMENT_TYPE_DETECTED",
    "IMAGE_TEXT_FIELDS_VERIFIED",
];

const PROBLEMS: [&[&str]; 5] = [&DOCUMENT, &MISSING, &MISMATCH, &FACE, &FRAUD];

/// The identity document or its image.
const DOCUMENT: [&str; 39] = [
    "UNRECOGNIZED_DOCUMENT",
    "UNREADABLE_DOCUMENT",
    "DOCUMENT_NOT_FOUND",
    "DOCUMENT_EXPIRED",
    "DOCUMENT_FRONT_BACK_MISMATCH",
    "DOCUMENT_DAMAGED",
    "DOCUMENT_FRONT_MISSING",
    "DOCUMENT_BACK_MISSING",
    "DOCUMENT_FRONT_OR_BACK_MISSING",
    "DOCUMENT_CROPPED",
    "DOCUMENT_FACE_NOT_FOUND",
    "INVALID_DOCUMENT_DETAILS",
    "DOCUMENT_TYPE_MISMATCH",
    "DOCUMENT_TAMPERED",
    "DOCUMENT_REQUIRES_REVIEW",
    "DOCUMENT_TOO_FAR",
    "DOCUMENT_SIZE_TOO_LARGE",
    "BROKEN_DOCUMENT",
    "INVALID_FILE_EXTENSION",
    "FILE_TOO_LARGE",
    "DOCUMENT_PHOTO_OF_PHOTO",
    "DOCUMENT_FOUND_ON_INTERNET",
    "SCREEN_DETECTED",
    "IMAGE_FORGED_EDITED",
    "FEATURE_VERIFICATION_FAILED",
    "FAKE_ID",
    "ARTIFICIAL_IMAGE",
    "ARTIFICIAL_TEXT",
    "TEXT_FORGERY",
    "IMAGE_TOO_SMALL",
    "GLARE_DETECTED",
    "IMAGE_TOO_BLURRY",
    "CHECK_DIGIT_FAILED",
    "PRINTOUT_DETECTED",
    "BLACK_WHITE_DOCUMENT",
    "MRZ_DATA_MISMATCH",
    "UNABLE_TO_EXTRACT_DATA",
    "UNABLE_TO_EXTRACT_DOCUMENT_METADATA",
    "DOCUMENT_MINOR_DIGITAL_ARTIFACTS",
];

/// Data that should be on the document.
const MISSING: [&str; 13] = [
    "MISSING_EXPIRY_DATE",
    "MISSING_ISSUE_DATE",
    "MISSING_BIRTH_DATE",
    "MISSING_DOCUMENT_NUMBER",
    "MISSING_PERSONAL_NUMBER",
    "MISSING_ADDRESS",
    "MISSING_POSTCODE",
    "MISSING_NAME",
    "MISSING_GENDER",
    "MISSING_NATIONALITY",
    "MISSING_DOCUMENT_DETAILS",
    "EXPIRY_DATE_MISSING_USING_ISSUE_DATE",
    "EXPIRY_AND_ISSUE_DATE_MISSING",
];

/// Data that disagrees with itself, with a register or with what was asked for.
const MISMATCH: [&str; 20] = [
    "NAME_VERIFICATION_FAILED",
    "ID_DATA_MISMATCH",
    "ID_TYPE_MISMATCH",
    "ID_NOT_ALLOWED",
    "ID_COUNTRY_MISMATCH",
    "BIRTH_DATE_MISMATCH",
    "ADDRESS_MISMATCH",
    "ADDRESS_ZIPCODE_MISMATCH",
    "DATABASE_LOOKUP_ISSUE",
    "ID_NUMBER_NOT_VERIFIED",
    "INVALID_ID_NUMBER_SUPPLIED",
    "LOOKUP_SOURCE_DOWN",
    "LOOKUP_FACE_NOT_FOUND",
    "ID_PREVIOUSLY_SEEN",
    "ID_PREVIOUSLY_ATTEMPTED",
    "AGE_UNDER_18",
    "API_DATA_REQUIREMENTS_NOT_MET",
    "PO_BOX_DETECTED",
    "DOB_VERIFICATION_FAILED",
    "DOCUMENT_COUNTRY_MISMATCH",
];

/// The selfie or its video.
const FACE: [&str; 23] = [
    "FACE_NOT_FOUND",
    "MULTIPLE_FACES",
    "FACE_MISMATCH",
    "LOW_FACE_SIMILARITY",
    "FACE_IDENTICAL",
    "FACE_NOT_LIVE",
    "FACE_LIVENESS_REVIEW_REQUIRED",
    "FACE_LIVENESS_TOO_FAR_FROM_CAMERA",
    "FACE_PHOTO_OF_PHOTO",
    "FACE_COVERED",
    "FACE_EDITED",
    "FACE_BLUR",
    "FACE_TOO_CLOSE",
    "FACE_CROPPED",
    "FACE_TOO_SMALL",
    "FACE_ANGLE_TOO_LARGE",
    "FACE_DEEPFAKE",
    "FACE_AGE_MISMATCH",
    "FACE_PREVIOUSLY_ONBOARDED",
    "SELFIE_VIDEO_FRAUD",
    "SELFIE_VIDEO_MISSING",
    "VIDEO_INJECTION_DETECTED",
    "VIRTUAL_CAMERA_DETECTED",
];

/// Behaviour, network, device, AML.
const FRAUD: [&str; 18] = [
    "AML_MATCH",
    "BACKGROUND_CHECK_ALERT",
    "IP_ADDRESS_SUSPICIOUS",
    "SUSPICIOUS_USER_BEHAVIOUR",
    "GEOLOCATION_MISMATCH",
    "TOR_DETECTED",
    "VPN_DETECTED",
    "BOT_DETECTED",
    "BROWSER_PREVIOUSLY_SEEN",
    "BROWSER_PREVIOUSLY_ATTEMPTED",
    "IP_ADDRESS_PREVIOUSLY_SEEN",
    "IP_ADDRESS_PREVIOUSLY_ATTEMPTED",
    "PRIVACY_SETTINGS_BLOCKED",
    "EMAIL_NOT_FOUND",
    "PHONE_NUMBER_NOT_FOUND",
    "EMAIL_ADDRESS_MISMATCH",
    "PHONE_NUMBER_MISMATCH",
    "CUSTOM_ERROR_CODE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_may_be_good_news() {
        assert_eq!(Nature::of(Some("GOOD_IMAGE_QUALITY")), Nature::Good);
        assert_eq!(Nature::of(Some("document_expired")), Nature::Problem);
        assert_eq!(Nature::of(Some("DOCUMENT_SPARKLES")), Nature::Unlisted);
        assert_eq!(Nature::of(None), Nature::Unlisted);
    }

    #[test]
    fn no_code_is_both_good_and_bad() {
        assert!(GOOD_NEWS.iter().all(|code| PROBLEMS.iter().all(|list| !list.contains(code))));
    }
}
