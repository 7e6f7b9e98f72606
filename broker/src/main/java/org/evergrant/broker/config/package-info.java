/** What the daemon and the command line read before they start. */
@NullMarked
package org.evergrant.broker.config;

import org.jspecify.annotations.NullMarked;
