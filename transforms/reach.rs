//! Reasons for which no fix fits: the same for every transform.

use asyncmend_pipeline::{Lasts, Refusal};

pub(crate) const HELPER_OUT_OF_REACH: Refusal = Refusal {
    code: "helper-out-of-reach",
    because: "the fix calls a helper function of the module, but this call runs while the module is \
              imported, above the place for it or in a class with a member of its name, or the module \
              gives another meaning to a builtin that the helper needs",
    remedy: "move the call into a function, then run again",
    lasts: Lasts::InOtherFunctions,
};

pub(crate) const OTHER_STYLE: Refusal = Refusal {
    code: "other-style",
    because: "the configuration asks for one style of fix, which does not fit here",
    remedy: "set style = \"auto\" for the transform, or mend the call by hand",
    lasts: Lasts::InOtherFunctions,
};

pub(crate) const UNCLEAR_NAME: Refusal = Refusal {
    code: "unclear-name",
    because: "the name may stand for something else than asyncio's function: it is bound in several ways, or a parameter \
              that has the function by default, or bound by a star import of a module that has such a name, or of which \
              not all names are known",
    remedy: "call the function as a member of asyncio, or leave the name one meaning, then run again",
    lasts: Lasts::InOtherFunctions,
};

/// For tests that patch a function whose calls are rewritten.
pub(crate) const NOT_REACHED: &str = "calls that are rewritten do not go through that name any more, so \
                                      replace what they await instead";
