package org.evergrant.tidy.sample.jdbc;

/** Breaks: no class is called Default. */
public final class DefaultStore {}
