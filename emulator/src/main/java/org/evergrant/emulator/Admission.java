package org.evergrant.emulator;

/** Whether a token request may mint. */
sealed interface Admission permits Admission.Granted, Refusal {
    /** It may, at this index. */
    record Granted(ProviderApp app, int index) implements Admission {}
}
