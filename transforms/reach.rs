//! Where a helper that a fix calls cannot stand: the same for every transform.

use asyncmend_pipeline::Refusal;

pub(crate) const HELPER_OUT_OF_REACH: Refusal = Refusal {
    code: "helper-out-of-reach",
    because: "the fix calls a helper function of the module, but this call runs while the module is \
              imported, above the place for it, or the module gives another meaning to a builtin \
              that the helper needs",
    remedy: "move the call into a function, then run again",
};
