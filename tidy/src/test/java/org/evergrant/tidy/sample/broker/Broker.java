package org.evergrant.tidy.sample.broker;

/** Stands for the broker. */
public final class Broker {}
