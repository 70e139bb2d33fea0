#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| asyncmend_fuzz::pipeline(bytes));
