package org.evergrant.tidy.sample.valkey;

/** Stands for any other store. */
public final class OtherStore {}
