package org.evergrant.simulation.fleet;

/**
 * A token in a caller's hands.
 *
 * @param number of the token at its provider; 0 when the provider knows it no more
 * @param givenAt when it was given
 * @param until until when the caller was told that it may send it
 * @param isPromised whether that is a promise, or only until the expiry
 */
record Held(
        int app,
        int machine,
        String value,
        long number,
        long givenAt,
        long until,
        boolean isPromised) {}
