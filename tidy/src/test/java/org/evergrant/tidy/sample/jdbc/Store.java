package org.evergrant.tidy.sample.jdbc;

/** Stands for any store. */
public final class Store {}
