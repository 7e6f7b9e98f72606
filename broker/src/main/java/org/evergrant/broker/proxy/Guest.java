package org.evergrant.broker.proxy;

import java.util.function.BiPredicate;

/**
 * Somebody whose call is to be forwarded, and who has proved to be that.
 *
 * @param name what metrics and logs call it
 * @param allows whether a method and a normalised path are forwarded for it
 */
public record Guest(String name, BiPredicate<String, String> allows) {}
