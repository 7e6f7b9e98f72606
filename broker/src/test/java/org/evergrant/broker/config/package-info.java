/** The configuration, tested. */
@NullMarked
package org.evergrant.broker.config;

import org.jspecify.annotations.NullMarked;
