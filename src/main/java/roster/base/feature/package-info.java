/// What a room brings along when it is built: routes, workers, tables, settings.
package roster.base.feature;
