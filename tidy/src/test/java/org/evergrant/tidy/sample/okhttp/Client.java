package org.evergrant.tidy.sample.okhttp;

/** Stands for any client adapter, and for a module that nobody gave a row. */
public final class Client {}
