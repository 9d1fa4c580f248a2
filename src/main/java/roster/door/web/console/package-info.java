/// The console of one organisation, at `/console/`: a page is a route, a model record and a template.
package roster.door.web.console;
