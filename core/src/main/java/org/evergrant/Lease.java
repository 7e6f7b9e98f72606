package org.evergrant;

/**
 * A token held for one API call. A planned mint that would kill the token waits until its leases
 * are closed, but no longer than the token lives.
 */
public interface Lease extends AutoCloseable {

    /** Returns the token. */
    Token token();

    /**
     * Says that the API refused the token; see {@link TokenSource#reject}. The lease stays open.
     *
     * @return whether the token was the newest, so that another one is minted
     */
    boolean reject();

    /** Ends the lease. Closing again changes nothing. */
    @Override
    void close();
}
