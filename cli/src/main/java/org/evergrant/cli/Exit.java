package org.evergrant.cli;

/** The exit codes that scripts rely on. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;

    /** Wrong usage or configuration; picocli's own code for wrong usage too. */
    static final int WRONG = 2;

    /** The provider or the store is away: EX_TEMPFAIL of sysexits.h. */
    static final int LATER = 75;

    private Exit() {}
}
