package org.evergrant.tidy.sample.jdbc;

/** Breaks: no class is called Impl. */
public final class StoreImpl {}
