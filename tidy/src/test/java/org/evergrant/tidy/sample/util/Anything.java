package org.evergrant.tidy.sample.util;

/** Breaks: no package is called util, and every package is null-marked. */
public final class Anything {}
