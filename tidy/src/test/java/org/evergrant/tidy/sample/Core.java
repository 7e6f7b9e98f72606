package org.evergrant.tidy.sample;

/** Stands for any class of the core. */
public final class Core {}
