package org.evergrant.spi;

/** Authenticated encryption of what a store keeps. */
public interface Seal {

    /**
     * Returns {@code plain}, encrypted and bound to {@code context}: it opens only with the same
     * context.
     */
    byte[] seal(byte[] plain, byte[] context);

    /**
     * Returns what was sealed.
     *
     * @throws org.evergrant.MisconfiguredException when the key is another one, or the bytes or the
     *     context were changed; the message names the key to look for
     */
    byte[] open(byte[] sealed, byte[] context);
}
